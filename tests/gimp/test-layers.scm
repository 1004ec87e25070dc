; SPDX-License-Identifier: LGPL-3.0-or-later
; test-layers.scm: masks, groups, locks, text: which layers work, and how.

(define (group-with-picture image)
  (let ((group (one (gimp-group-layer-new image "folder")))
        (layer (one (gimp-layer-new image "inner" 96 80 RGBA-IMAGE 100
                                    LAYER-MODE-NORMAL))))
    (gimp-image-insert-layer image group 0 0)
    (gimp-image-insert-layer image layer group 0)
    (draw layer 3)
    (list group layer)))

(test "the result of a layer in a group goes into the group, above it"
  (let* ((image (new-rgb-picture))
         (both (group-with-picture image))
         (x (select-rectangle image 40 30 20 16))
         (new (remove-from image (cadr both))))
    (check-equal "children"
                 (vector->list (one (gimp-item-get-children (car both))))
                 (list (car new) (cadr both)))))

(test "the result goes right above the source, not on top"
  (let* ((image (new-rgb-picture))
         (source (first-layer image))
         (top (add-layer image "top" 20 20 RGB-IMAGE 0 0))
         (x (select-rectangle image 40 30 20 16))
         (new (remove-from image source)))
    (check-equal "layers" (layers-of image) (list top (car new) source))))

(test "a layer group is refused"
  (let* ((image (new-rgb-picture))
         (both (group-with-picture image)))
    (select-rectangle image 40 30 20 16)
    (check-fails-with "Select a layer inside the group"
                      (remove-from image (car both)))))

(test "a group with locked pixels is refused, its name told"
  (let* ((image (new-rgb-picture))
         (both (group-with-picture image)))
    (gimp-item-set-lock-content (car both) TRUE)
    (select-rectangle image 40 30 20 16)
    (check-fails-with "“folder” is locked" (remove-from image (cadr both)))
    (check-equal "children"
                 (vector->list (one (gimp-item-get-children (car both))))
                 (list (cadr both)))))

(test "a locked layer works: it is not changed"
  (let* ((image (new-rgb-picture))
         (source (first-layer image)))
    (gimp-item-set-lock-content source TRUE)
    (gimp-item-set-lock-position source TRUE)
    (gimp-layer-set-lock-alpha source TRUE)
    (select-rectangle image 40 30 20 16)
    (check-equal "new layers" (length (remove-from image source)) 1)))

(test "what a layer mask hides is not copied from"
  (let* ((image (new-rgb-picture))
         (source (first-layer image))
         (x1 (gimp-layer-add-alpha source))
         (mask (one (gimp-layer-create-mask source ADD-MASK-WHITE))))
    ; The left half is red and hidden by the mask; the rest has no pure red.
    (select-rectangle image 0 0 48 80)
    (gimp-context-set-foreground '(255 0 0))
    (gimp-drawable-edit-fill source FILL-FOREGROUND)
    (gimp-layer-add-mask source mask)
    (gimp-context-set-foreground '(0 0 0))
    (gimp-drawable-edit-fill mask FILL-FOREGROUND)
    (select-rectangle image 60 30 12 12)
    (let* ((new (car (vector->list (one
             (plug-in-pentimento-remove #:run-mode RUN-NONINTERACTIVE
                                        #:image image
                                        #:drawables (vector source)
                                        #:seed 7 #:color-match FALSE)))))
           (offsets (gimp-drawable-get-offsets new))
           (pixel (gimp-drawable-get-pixel
                    new (- 66 (car offsets)) (- 36 (cadr offsets)))))
      (check-equal "the layer keeps its mask" (mask-of source) mask)
      (check "not the hidden red" (not (equal? (list (car pixel) (cadr pixel)
                                                     (caddr pixel))
                                               '(255 0 0)))))))

(test "a layer mask itself is refused"
  (let* ((image (new-rgb-picture))
         (source (first-layer image))
         (mask (one (gimp-layer-create-mask source ADD-MASK-WHITE))))
    (gimp-layer-add-mask source mask)
    (select-rectangle image 40 30 20 16)
    (check-fails-with "is a layer mask" (remove-from image mask))))

(test "a channel is refused"
  (let* ((image (new-rgb-picture))
         (channel (one (gimp-channel-new image "alpha one" 96 80 50
                                         '(0 0 0)))))
    (gimp-image-insert-channel image channel 0 0)
    (select-rectangle image 40 30 20 16)
    (check-fails-with "is a channel" (remove-from image channel))))

(test "a floating selection is refused"
  (let* ((image (new-rgb-picture))
         (source (first-layer image)))
    (select-rectangle image 40 30 20 16)
    (gimp-edit-copy (vector source))
    (gimp-edit-paste source FALSE)
    (select-rectangle image 40 30 20 16)
    (check-fails-with "floating selection" (remove-from image source))))

(define (has-fonts?)
  (> (vector-length (one (gimp-fonts-get-list ""))) 0))

(test-if (has-fonts?) "no fonts installed" "a text layer works and stays text"
  (let* ((image (new-rgb-picture))
         (text (one (gimp-text-layer-new image "Pentimento"
                                         (one (gimp-context-get-font))
                                         30 UNIT-PIXEL))))
    (gimp-image-insert-layer image text 0 0)
    (select-rectangle image 6 6 12 12)
    (check-equal "new layers" (length (remove-from image text)) 1)
    (check "still text" (one (gimp-item-id-is-text-layer text)))))

(test "a layer's filters are part of what is copied"
  (let* ((image (new-rgb-picture))
         (source (first-layer image))
         (x1 (gimp-context-set-foreground '(255 255 255)))
         (x2 (gimp-drawable-edit-fill source FILL-FOREGROUND))
         (x3 (gimp-drawable-append-filter source
               (one (gimp-drawable-filter-new source "gegl:invert-gamma"
                                              ""))))
         (x4 (select-rectangle image 40 30 20 16))
         (new (car (remove-from image source)))
         (offsets (gimp-drawable-get-offsets new)))
    (check-equal "the white that looks black was filled with black"
                 (gimp-drawable-get-pixel new (- 50 (car offsets))
                                          (- 38 (cadr offsets)))
                 '(0 0 0))
    (check-equal "filters stay"
                 (vector-length (one (gimp-drawable-get-filters source))) 1)
    (check-equal "images" (vector-length (one (gimp-get-images))) 1)))

(test "an invisible layer works"
  (let* ((image (new-rgb-picture))
         (source (first-layer image)))
    (gimp-item-set-visible source FALSE)
    (select-rectangle image 40 30 20 16)
    (check-equal "new layers" (length (remove-from image source)) 1)))
