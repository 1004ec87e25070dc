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
    (check-only-inside-changed before image 0 0)))

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

(test "the colour profile of the image stays and is used"
  (let* ((image (new-rgb-picture))
         (source (first-layer image))
         (x (gimp-image-set-color-profile-from-file image wide-profile))
         (before (one (gimp-image-duplicate image)))
         (profile (one (gimp-image-get-color-profile image))))
    (check-format image RGB-IMAGE source)
    (check-equal "profile" (one (gimp-image-get-color-profile image))
                 profile)))
