; SPDX-License-Identifier: LGPL-3.0-or-later
; test-edit.scm: plug-in-pentimento-edit on a tiny checkpoint.

(define-macro (edit image . arguments)
  `(call-prompted plug-in-pentimento-edit ,image
                  (list (car (reverse (layers-of ,image)))) editor
                  #:prompt "make the jacket red" ,@arguments))

(test-golden "without a selection the whole layer is edited"
  (let* ((image (new-rgb-picture))
         (source (first-layer image))
         (before (hash-of source))
         (new (edit image #:seed 7)))
    (check-equal "layers" (layers-of image) (list (car new) source))
    (check-equal "place" (rectangle-of (car new)) '(0 0 96 80))
    (check-equal "name" (name-of (car new)) "Edit by Instruction")
    (check-equal "source pixels" (hash-of source) before)))

(test-golden "a selection limits it; outside nothing changes, bit for bit"
  (let* ((image (new-rgb-picture))
         (before (one (gimp-image-duplicate image)))
         (selected (select-rectangle image 40 30 20 16))
         (new (edit image #:feather 4 #:context 8)))
    (check-equal "mask inside the selection"
                 (mask-range (car new) 40 30 20 16) '(1.0 1.0))
    (check-only-inside-changed before image 0 0)))

(test-golden "same seed, same pixels; the image's guidance counts"
  (let* ((image (new-rgb-picture))
         (first (hash-of (car (edit image #:seed 3))))
         (second (hash-of (car (edit image #:seed 3))))
         (other (hash-of (car (edit image #:seed 3 #:image-cfg 4)))))
    (check-equal "pixels" second first)
    (check "image guidance" (not (equal? other first)))))
