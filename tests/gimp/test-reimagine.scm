; SPDX-License-Identifier: LGPL-3.0-or-later
; test-reimagine.scm: plug-in-pentimento-reimagine on a tiny checkpoint.

(define-macro (reimagine image layer . arguments)
  `(call-prompted plug-in-pentimento-reimagine ,image (list ,layer) generator
                  #:prompt "a red jacket" ,@arguments))

(test-golden "the whole layer, wherever it lies"
  (let* ((image (new-image 120 100 RGB PRECISION-U8-NON-LINEAR))
         (source (add-layer image "picture" 80 64 RGB-IMAGE 24 -8))
         (before (hash-of source))
         (new (reimagine image source #:seed 7)))
    (check-equal "layers" (layers-of image) (list (car new) source))
    (check-equal "place" (rectangle-of (car new)) '(24 -8 80 64))
    (check-equal "name" (name-of (car new)) "Reimagine")
    (check-equal "source pixels" (hash-of source) before)
    (check "other pixels" (not (equal? (hash-of (car new)) before)))))

(test-golden "strength 0 is the picture itself"
  (let* ((image (new-rgb-picture))
         (source (first-layer image))
         (new (reimagine image source #:strength 0)))
    (check-equal "pixels" (hash-of (car new)) (hash-of source))))

(test-golden "a selection limits it; outside nothing changes, bit for bit"
  (let* ((image (new-rgb-picture))
         (before (one (gimp-image-duplicate image)))
         (selected (select-rectangle image 40 30 20 16))
         (new (reimagine image (first-layer image) #:feather 4 #:context 8)))
    (check "has a layer mask" (>= (mask-of (car new)) 0))
    (check-equal "mask inside the selection"
                 (mask-range (car new) 40 30 20 16) '(1.0 1.0))
    (check-only-inside-changed before image 0 0)))

(test-golden "same seed, same pixels"
  (let* ((image (new-rgb-picture))
         (source (first-layer image))
         (first (hash-of (car (reimagine image source #:seed 3))))
         (second (hash-of (car (reimagine image source #:seed 3))))
         (other (hash-of (car (reimagine image source #:seed 4)))))
    (check-equal "pixels" second first)
    (check "another seed" (not (equal? other first)))))

(test-golden "gray stays gray, 16 bits stay 16 bits"
  (let* ((gray (new-picture GRAY GRAY-IMAGE PRECISION-U8-NON-LINEAR))
         (deep (new-picture RGB RGB-IMAGE PRECISION-U16-NON-LINEAR)))
    (check-equal "gray" (format-of (car (reimagine gray (first-layer gray))))
                 "Y' u8")
    (check-equal "16 bits"
                 (format-of (car (reimagine deep (first-layer deep))))
                 "R'G'B' u16")))
