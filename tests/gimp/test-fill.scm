; SPDX-License-Identifier: LGPL-3.0-or-later
; test-fill.scm: plug-in-pentimento-fill on tiny checkpoints.

(define-macro (fill image model . arguments)
  `(call-prompted plug-in-pentimento-fill ,image
                  (list (car (reverse (layers-of ,image)))) ,model
                  #:prompt "a red jacket" ,@arguments))

; What holds for any checkpoint.
(define (check-fill model)
  (let* ((image (new-rgb-picture))
         (source (first-layer image))
         (before (one (gimp-image-duplicate image)))
         (source-before (hash-of source))
         (selected (select-rectangle image 40 30 20 16))
         (selection (hash-of-selection image))
         (new (fill image model #:seed 7 #:feather 4 #:context 8)))
    (check-equal "layers" (layers-of image) (list (car new) source))
    (check-equal "name" (name-of (car new)) "Fill Selection")
    (check-equal "source pixels" (hash-of source) source-before)
    (check-equal "selection" (hash-of-selection image) selection)
    (check "has a layer mask" (>= (mask-of (car new)) 0))
    (check-equal "mask inside the selection"
                 (mask-range (car new) 40 30 20 16) '(1.0 1.0))
    (check "mask is not being edited"
           (not (one (gimp-layer-get-edit-mask (car new)))))
    (check-only-inside-changed before image 0 0)
    (check "recipe" (contains? (caddr (recipe-of (car new))) "\"fill\""))))

(test-golden "a checkpoint for pictures fills behind a mask"
  (check-fill generator))

(test-golden "a checkpoint for inpainting does, too"
  (check-fill inpainter))

(test-golden "feather 0: the mask is the selection"
  (let* ((image (new-rgb-picture))
         (selected (select-rectangle image 40 30 20 16))
         (layer (car (fill image inpainter #:feather 0))))
    (check-equal "left" (mask-range layer 0 0 40 80) '(0.0 0.0))
    (check-equal "right" (mask-range layer 60 0 36 80) '(0.0 0.0))
    (check-equal "inside" (mask-range layer 40 30 20 16) '(1.0 1.0))))

(test-golden "same seed, same pixels; candidates in a group"
  (let* ((image (new-rgb-picture))
         (selected (select-rectangle image 40 30 20 16))
         (new (fill image inpainter #:seed 8 #:count 2))
         (group (parent-of (car new)))
         (alone (hash-of (car (fill image inpainter #:seed 9)))))
    (check "is a group" (one (gimp-item-is-group group)))
    (check-equal "group's name" (name-of group) "Fill Selection")
    (check-equal "the second has the next seed" (hash-of (cadr new)) alone)))

(test-golden "a small selection in a large picture needs only its place"
  (let* ((image (new-image 3000 2000 RGB PRECISION-U8-NON-LINEAR))
         (source (add-layer image "picture" 3000 2000 RGB-IMAGE 0 0))
         (selected (select-rectangle image 1500 900 40 30))
         (size (cddr (rectangle-of (car (fill image inpainter
                                              #:context 20))))))
    (tap-line "# " (car size) " x " (cadr size))
    (check "width" (< (car size) 600))
    (check "height" (< (cadr size) 600))))

(test-golden "gray stays gray; alpha and layer masks count"
  (let* ((gray (new-picture GRAY GRAYA-IMAGE PRECISION-U8-NON-LINEAR))
         (selected (select-rectangle gray 40 30 20 16))
         (layer (car (fill gray inpainter))))
    (check "gray" (contains? (format-of layer) "Y'"))))
