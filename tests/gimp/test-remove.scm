; SPDX-License-Identifier: LGPL-3.0-or-later
; test-remove.scm: what plug-in-pentimento-remove leaves in the image.

(test "remove returns one layer above the source"
  (let* ((image (new-rgb-picture))
         (source (first-layer image))
         (before (hash-of source))
         (x (select-rectangle image 40 30 20 16))
         (new (remove-from image source)))
    (check-equal "number of returned layers" (length new) 1)
    (check-equal "layers" (layers-of image) (list (car new) source))
    (check-equal "name" (name-of (car new)) "Remove Object")
    (check-equal "source pixels" (hash-of source) before)))

(test "the new layer is the selected one, the selection stays"
  (let* ((image (new-rgb-picture))
         (x (select-rectangle image 40 30 20 16))
         (selection (hash-of (one (gimp-image-get-selection image))))
         (new (remove-from image (first-layer image))))
    (check-equal "selected layers"
                 (vector->list (one (gimp-image-get-selected-layers image)))
                 new)
    (check-equal "selection"
                 (hash-of (one (gimp-image-get-selection image))) selection)))

(test "the layer mask is opaque inside the selection and editable"
  (let* ((image (new-rgb-picture))
         (x (select-rectangle image 40 30 20 16))
         (layer (car (remove-from image (first-layer image))))
         (range (mask-range layer 40 30 20 16)))
    (check "has a layer mask" (>= (mask-of layer) 0))
    (check-equal "mask inside the selection" range '(1.0 1.0))
    (check "mask is applied" (one (gimp-layer-get-apply-mask layer)))
    (check "mask is not shown"
           (not (one (gimp-layer-get-show-mask layer))))))

(test "outside the mask the picture looks the same, bit for bit"
  (let* ((image (new-rgb-picture))
         (before (one (gimp-image-duplicate image)))
         (x (select-rectangle image 44 34 10 8)))
    (plug-in-pentimento-remove #:run-mode RUN-NONINTERACTIVE #:image image
                               #:drawables (vector (first-layer image))
                               #:seed 7 #:feather 4)
    (check-only-inside-changed before image 0 0)))

(test "feather 0: nothing outside the selection changes"
  (let* ((image (new-rgb-picture))
         (x (select-rectangle image 40 30 20 16))
         (layer (car (vector->list (one
           (plug-in-pentimento-remove #:run-mode RUN-NONINTERACTIVE
                                      #:image image
                                      #:drawables (vector (first-layer image))
                                      #:feather 0))))))
    (check-equal "left" (mask-range layer 0 0 40 80)
                 '(0.0 0.0))
    (check-equal "right" (mask-range layer 60 0 36 80)
                 '(0.0 0.0))
    (check-equal "above" (mask-range layer 0 0 96 30)
                 '(0.0 0.0))
    (check-equal "inside" (mask-range layer 40 30 20 16)
                 '(1.0 1.0))))

(test "same seed, same pixels; another seed, others"
  (let* ((image (new-rgb-picture))
         (source (first-layer image))
         (x (select-rectangle image 40 30 20 16))
         (first (hash-of (car (remove-from image source))))
         (second (hash-of (car (remove-from image source)))))
    (check-equal "pixels" second first)))

(test "the recipe names operation, model, seed and settings"
  (let* ((image (new-rgb-picture))
         (x (select-rectangle image 40 30 20 16))
         (layer (car (vector->list (one
           (plug-in-pentimento-remove #:run-mode RUN-NONINTERACTIVE
                                      #:image image
                                      #:drawables (vector (first-layer image))
                                      #:seed 4294967295 #:patch-size 9)))))
         (recipe (recipe-of layer)))
    (check-equal "parasite" (car recipe) "pentimento-recipe")
    (check-equal "persistent and undoable" (cadr recipe) 3)
    (check "operation" (contains? (caddr recipe) "\"remove\""))
    (check "model" (contains? (caddr recipe) "\"patch-fill\""))
    (check "seed" (contains? (caddr recipe) "4294967295"))
    (check "settings" (contains? (caddr recipe) "\"patch-size\""))))

(test "a random seed is written down"
  (let* ((image (new-rgb-picture))
         (x (select-rectangle image 40 30 20 16))
         (layer (car (vector->list (one
           (plug-in-pentimento-remove #:run-mode RUN-NONINTERACTIVE
                                      #:image image
                                      #:drawables (vector (first-layer image))
                                      #:seed -1))))))
    (check "no -1 in the recipe"
           (not (contains? (caddr (recipe-of layer)) "\"seed\":-1")))))

(test "several candidates come in a group of the operation's name"
  (let* ((image (new-rgb-picture))
         (source (first-layer image))
         (before (one (gimp-image-duplicate image)))
         (x (select-rectangle image 44 34 10 8))
         (new (vector->list (one
           (plug-in-pentimento-remove #:run-mode RUN-NONINTERACTIVE
                                      #:image image
                                      #:drawables (vector source)
                                      #:count 3 #:feather 4))))
         (group (parent-of (car new))))
    (check-equal "number" (length new) 3)
    (check "is a group" (one (gimp-item-is-group group)))
    (check-equal "group's name" (name-of group) "Remove Object")
    (check-equal "top level" (layers-of image) (list group source))
    (check-equal "children"
                 (vector->list (one (gimp-item-get-children group))) new)
    (check-only-inside-changed before image 0 0)))

(test "a cancelled run leaves no layer"
  (let* ((image (new-image 900 700 RGB PRECISION-U8-NON-LINEAR))
         (layer (add-layer image "picture" 900 700 RGB-IMAGE 0 0))
         (before (hash-of layer))
         (x (select-rectangle image 300 200 300 300))
         (outcome (cancel-run "plug-in-pentimento-remove" image layer SIGTERM
                              "" 0)))
    (check "was cancelled while it ran" (>= (cadr outcome) 0))
    (check-cancelled-soon outcome)
    (tap-line "# cancelled in " (cadr outcome) " s")
    (check-equal "status" (car outcome) PDB-CANCEL)
    (check-equal "layers" (layers-of image) (list layer))
    (check-equal "source pixels" (hash-of layer) before)))

(test "a run that is killed leaves no layer and changes nothing"
  (let* ((image (new-image 900 700 RGB PRECISION-U8-NON-LINEAR))
         (layer (add-layer image "picture" 900 700 RGB-IMAGE 0 0))
         (before (hash-of layer))
         (x (select-rectangle image 300 200 300 300))
         (outcome (cancel-run "plug-in-pentimento-remove" image layer SIGKILL
                              "" 0)))
    (check "was killed while it ran" (>= (cadr outcome) 0))
    (check "no success" (not (= (car outcome) PDB-SUCCESS)))
    (check-equal "layers" (layers-of image) (list layer))
    (check-equal "source pixels" (hash-of layer) before)))

(test "an image can be worked on again after a cancelled run"
  (let* ((image (new-image 900 700 RGB PRECISION-U8-NON-LINEAR))
         (layer (add-layer image "picture" 900 700 RGB-IMAGE 0 0)))
    (select-rectangle image 300 200 300 300)
    (cancel-run "plug-in-pentimento-remove" image layer SIGTERM
                              "" 0)
    (select-rectangle image 10 40 20 20)
    (check-equal "new layers" (length (remove-from image layer)) 1)))

(test "the last values are used by Repeat"
  (let* ((image (new-rgb-picture))
         (source (first-layer image)))
    (select-rectangle image 40 30 20 16)
    (check-equal "new layers"
      (length (vector->list (one
        (plug-in-pentimento-remove #:run-mode RUN-WITH-LAST-VALS
                                   #:image image
                                   #:drawables (vector source)))))
      1)
    (check-equal "layers" (count-layers image) 2)))
