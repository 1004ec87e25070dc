; SPDX-License-Identifier: LGPL-3.0-or-later
; test-formats-rgb.scm: colour pictures of every precision, with and without
; alpha; profiles; indexed pictures.

(load (string-append test-dir "/formats.scm"))

(test-type RGB RGB-IMAGE)
(test-type RGB RGBA-IMAGE)

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
    (check-format image source "R'G'B' u8")
    (check-equal "profile" (one (test-pentimento-profile #:image image))
                 profile)))
