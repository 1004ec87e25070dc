; SPDX-License-Identifier: LGPL-3.0-or-later
; formats.scm: every precision of a type of layer; for test-formats-*.scm and
; test-*-formats.scm.

(define precisions
  (list PRECISION-U8-LINEAR PRECISION-U8-NON-LINEAR PRECISION-U8-PERCEPTUAL
        PRECISION-U16-LINEAR PRECISION-U16-NON-LINEAR
        PRECISION-U16-PERCEPTUAL PRECISION-U32-LINEAR
        PRECISION-U32-NON-LINEAR PRECISION-U32-PERCEPTUAL
        PRECISION-HALF-LINEAR PRECISION-HALF-NON-LINEAR
        PRECISION-HALF-PERCEPTUAL PRECISION-FLOAT-LINEAR
        PRECISION-FLOAT-NON-LINEAR PRECISION-FLOAT-PERCEPTUAL
        PRECISION-DOUBLE-LINEAR PRECISION-DOUBLE-NON-LINEAR
        PRECISION-DOUBLE-PERCEPTUAL))

; GIMP composites in 32-bit floats with three colours: finer pixels and gray
; floats lose their last bits below any layer, even an empty one.  There the
; result must look like a picture with an empty layer in its place.
(define (is-beyond-gimp? format)
  (or (contains? format "u32")
      (contains? format "double")
      (and (char=? (string-ref format 0) #\Y) (contains? format "float"))))

(define (check-only-rounded before after layer)
  (let* ((empty (one (gimp-layer-new before "empty"
                       (one (gimp-drawable-get-width layer))
                       (one (gimp-drawable-get-height layer))
                       (+ 1 (* 2 (one (gimp-image-get-base-type before))))
                       100 LAYER-MODE-NORMAL)))
         (offsets (gimp-drawable-get-offsets layer))
         (rounding (outside-difference (compare before after 0 0))))
    (check "difference below 1e-6" (< rounding 1e-6))
    (gimp-image-insert-layer before empty 0 0)
    (gimp-layer-set-offsets empty (car offsets) (cadr offsets))
    (gimp-layer-set-composite-space
      empty (one (gimp-layer-get-composite-space layer)))
    (check-only-inside-changed before after 0 0)))

; New layers have the precision of the image, and the source's channels.
(define (check-format image source format)
  (let* ((before (one (gimp-image-duplicate image)))
         (x (select-rectangle image 44 34 10 8))
         (layer (car (vector->list (one
           (plug-in-pentimento-remove #:run-mode RUN-NONINTERACTIVE
                                      #:image image
                                      #:drawables (vector source)
                                      #:seed 7 #:feather 4))))))
    (check-equal "format" (format-of layer) format)
    (check-equal "mask inside"
                 (mask-range layer 44 34 10 8) '(1.0 1.0))
    (if (is-beyond-gimp? format)
        (check-only-rounded before image layer)
        (check-only-inside-changed before image 0 0))))

(define (test-type base type)
  (for-each
    (lambda (precision)
      (let* ((image (new-picture base type precision))
             (source (first-layer image))
             (format (format-of source)))
        (test (string-append "remove in " format)
          (check-format image source format))))
    precisions))

; Runs (RUN IMAGE SOURCE), which gives the new layer, on every precision: the
; format stays, and so does the source where IS-SCALED is false.
(define (test-types name run is-scaled types)
  (for-each
    (lambda (type)
      (for-each
        (lambda (precision)
          (let* ((image (new-picture (car type) (cadr type) precision))
                 (source (first-layer image))
                 (before (hash-of source))
                 (format (format-of source)))
            (test (string-append name " in " format)
              (let ((layer (run image source)))
                (check-equal "format" (format-of layer) format)
                (check-equal "place" (rectangle-of layer)
                             (rectangle-of source))
                (if (not is-scaled)
                    (check-equal "source" (hash-of source) before))))))
        precisions))
    types))

(define every-type
  (list (list RGB RGB-IMAGE) (list RGB RGBA-IMAGE)
        (list GRAY GRAY-IMAGE) (list GRAY GRAYA-IMAGE)))

(define (test-profile name run)
  (test (string-append name ": a colour profile stays")
    (let* ((image (new-rgb-picture))
           (x (test-pentimento-assign-profile #:image image))
           (source (first-layer image))
           (profile (one (test-pentimento-profile #:image image))))
      (draw source 5)
      (run image source)
      (check "has a profile" (> (string-length profile) 0))
      (check-equal "profile" (one (test-pentimento-profile #:image image))
                   profile))))
