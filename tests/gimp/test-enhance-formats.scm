; SPDX-License-Identifier: LGPL-3.0-or-later
; test-enhance-formats.scm: enhance in every precision and type of layer.

(load (string-append test-dir "/formats.scm"))

(test-types "enhance" (lambda (image source) (car (enhance image source)))
            #f every-type)
(test-profile "enhance" enhance)

; Every size of a sample and every curve, but not each with each.
(define some-precisions
  (list PRECISION-U8-NON-LINEAR PRECISION-U16-LINEAR PRECISION-U32-NON-LINEAR
        PRECISION-HALF-LINEAR PRECISION-FLOAT-NON-LINEAR
        PRECISION-DOUBLE-PERCEPTUAL))

(test "strength 0 keeps every bit of every type"
  (for-each
    (lambda (type)
      (for-each
        (lambda (precision)
          (let* ((image (new-picture (car type) (cadr type) precision))
                 (source (first-layer image))
                 (layer (car (vector->list (one
                   (plug-in-pentimento-enhance #:run-mode RUN-NONINTERACTIVE
                                               #:image image
                                               #:drawables (vector source)
                                               #:strength 0
                                               #:denoise 1))))))
            (check-equal (format-of source) (hash-of layer)
                         (hash-of source))))
        some-precisions))
    every-type))
