; SPDX-License-Identifier: LGPL-3.0-or-later
; test-formats.scm: every precision, RGB and gray, with and without alpha.

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

(define types
  (list (list "RGB" RGB RGB-IMAGE) (list "RGBA" RGB RGBA-IMAGE)
        (list "gray" GRAY GRAY-IMAGE) (list "gray+alpha" GRAY GRAYA-IMAGE)))

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
(define (check-format image type source)
  (let* ((before (one (gimp-image-duplicate image)))
         (source-before (hash-of source))
         (x (select-rectangle image 44 34 10 8))
         (layer (car (vector->list (one
           (plug-in-pentimento-remove #:run-mode RUN-NONINTERACTIVE
                                      #:image image
                                      #:drawables (vector source)
                                      #:seed 7 #:feather 4))))))
    (check-equal "format" (format-of layer) (format-of source))
    (check-equal "source pixels" (hash-of source) source-before)
    (check-equal "mask inside"
                 (mask-range layer 44 34 10 8) '(1.0 1.0))
    (if (is-beyond-gimp? (format-of source))
        (check-only-rounded before image layer)
        (check-only-inside-changed before image 0 0))))

(for-each
  (lambda (type)
    (for-each
      (lambda (precision)
        (let* ((image (new-picture (cadr type) (caddr type) precision))
               (source (first-layer image)))
          (test (string-append "remove in " (format-of source))
            (check-format image type source))))
      precisions))
  types)

(test "expand keeps precision and adds alpha where needed"
  (let* ((image (new-picture RGB RGB-IMAGE PRECISION-U16-NON-LINEAR))
         (source (first-layer image))
         (layer (car (vector->list (one
           (plug-in-pentimento-expand #:run-mode RUN-NONINTERACTIVE
                                      #:image image
                                      #:drawables (vector source)
                                      #:right 24))))))
    (check "16 bits" (contains? (format-of layer) "u16"))))

(test "an indexed picture is refused with what to do"
  (let* ((image (new-rgb-picture))
         (x (gimp-image-convert-indexed image CONVERT-DITHER-NONE
                                        CONVERT-PALETTE-GENERATE 16 FALSE
                                        FALSE ""))
         (source (first-layer image)))
    (select-rectangle image 40 30 20 16)
    (check-fails-with "Image > Mode > RGB" (remove-from image source))
    (check-equal "layers" (layers-of image) (list source))))

(test "a colour profile stays, and the new layer has its space"
  (let* ((image (new-rgb-picture))
         (x (test-pentimento-assign-profile #:image image))
         (source (first-layer image))
         (profile (one (test-pentimento-profile #:image image))))
    (draw source 5)
    (check "has a profile" (> (string-length profile) 0))
    (check-format image RGB-IMAGE source)
    (check-equal "profile" (one (test-pentimento-profile #:image image))
                 profile)))
