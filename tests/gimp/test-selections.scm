; SPDX-License-Identifier: LGPL-3.0-or-later
; test-selections.scm: odd selections and odd places of layers.

(test "a selection partly outside the layer"
  (let* ((image (new-image 120 100 RGB PRECISION-U8-NON-LINEAR))
         (layer (add-layer image "small" 70 60 RGB-IMAGE 30 20))
         (before (one (gimp-image-duplicate image)))
         (x (select-rectangle image 86 40 34 12))
         (new (remove-from image layer)))
    (check-equal "new layers" (length new) 1)
    (check-equal "mask inside the layer"
                 (mask-range (car new) 86 40 14 12)
                 '(1.0 1.0))
    (check-equal "mask outside the layer"
                 (mask-range (car new) 100 40 20 12)
                 '(0.0 0.0))))

(test "a selection outside the layer is refused"
  (let* ((image (new-image 120 100 RGB PRECISION-U8-NON-LINEAR))
         (layer (add-layer image "small" 40 40 RGB-IMAGE 0 0)))
    (select-rectangle image 60 60 20 20)
    (check-fails-with "outside the layer “small”" (remove-from image layer))
    (check-equal "layers" (layers-of image) (list layer))))

(test "a layer with negative offsets, larger than the image"
  (let* ((image (new-image 60 50 RGB PRECISION-U8-NON-LINEAR))
         (layer (add-layer image "large" 120 100 RGB-IMAGE -30 -25))
         (before (one (gimp-image-duplicate image)))
         (x (select-rectangle image 0 0 12 10))
         (new (vector->list (one
           (plug-in-pentimento-remove #:run-mode RUN-NONINTERACTIVE
                                      #:image image #:drawables (vector layer)
                                      #:feather 3)))))
    (check-equal "mask inside"
                 (mask-range (car new) 0 0 12 10) '(1.0 1.0))
    (check-only-inside-changed before image 0 0)))

(test "areas far apart become layers of their own"
  (let* ((image (new-image 2400 60 RGB PRECISION-U8-NON-LINEAR))
         (layer (add-layer image "wide" 2400 60 RGB-IMAGE 0 0))
         (before (one (gimp-image-duplicate image))))
    (select-rectangle image 40 25 10 10)
    (gimp-image-select-rectangle image CHANNEL-OP-ADD 2350 25 10 10)
    (let ((new (vector->list (one
           (plug-in-pentimento-remove #:run-mode RUN-NONINTERACTIVE
                                      #:image image #:drawables (vector layer)
                                      #:feather 4)))))
      (check-equal "new layers" (length new) 2)
      (check "each smaller than the picture"
             (< (one (gimp-drawable-get-width (car new))) 1200))
      (check-only-inside-changed before image 0 0))))

(test "a feathered selection"
  (let* ((image (new-rgb-picture))
         (before (one (gimp-image-duplicate image))))
    (select-rectangle image 40 30 20 16)
    (gimp-selection-feather image 6)
    (check-equal "new layers"
                 (length (remove-from image (first-layer image))) 1)))

(test "one selected pixel"
  (let* ((image (new-rgb-picture))
         (x (select-rectangle image 50 40 1 1))
         (new (remove-from image (first-layer image))))
    (check-equal "mask" (mask-range (car new) 50 40 1 1)
                 '(1.0 1.0))))

(test "a selection at the corner of the canvas"
  (let* ((image (new-rgb-picture))
         (x (select-rectangle image 0 60 20 20))
         (new (remove-from image (first-layer image))))
    (check-equal "mask" (mask-range (car new) 0 60 20 20)
                 '(1.0 1.0))))
