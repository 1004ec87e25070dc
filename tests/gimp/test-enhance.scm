; SPDX-License-Identifier: LGPL-3.0-or-later
; test-enhance.scm: what plug-in-pentimento-enhance leaves in the image.

(define-macro (enhance-with image layer . arguments)
  `(vector->list
     (one (plug-in-pentimento-enhance #:run-mode RUN-NONINTERACTIVE
                                      #:image ,image
                                      #:drawables (vector ,layer)
                                      ,@arguments))))

(test "without a selection the whole layer gets a new one above it"
  (let* ((image (new-rgb-picture))
         (source (first-layer image))
         (before (hash-of source))
         (new (enhance image source)))
    (check-equal "layers" (layers-of image) (append new (list source)))
    (check-equal "number" (length new) 1)
    (check-equal "name" (name-of (car new)) "Enhance")
    (check-equal "place" (rectangle-of (car new)) '(0 0 96 80))
    (check-equal "source pixels" (hash-of source) before)
    (check "something changed" (not (equal? (hash-of (car new)) before)))))

(test "strength 0 changes no bit"
  (let* ((image (new-picture RGB RGBA-IMAGE PRECISION-FLOAT-LINEAR))
         (source (first-layer image))
         (new (enhance-with image source #:strength 0 #:denoise 1 #:sharpen 1
                            #:fix-compression 1)))
    (check-equal "pixels" (hash-of (car new)) (hash-of source))))

(test "a layer that is not at the origin, larger than the canvas"
  (let* ((image (new-rgb-picture))
         (layer (add-layer image "odd" 131 77 RGBA-IMAGE -13 21))
         (new (enhance image layer)))
    (check-equal "place" (rectangle-of (car new)) '(-13 21 131 77))
    (check-equal "canvas" (size-of-image image) '(96 80))))

(test "with a selection the new layer has an editable mask"
  (let* ((image (new-rgb-picture))
         (source (first-layer image))
         (x (select-rectangle image 40 30 20 16))
         (selection (hash-of-selection image))
         (layer (car (enhance image source))))
    (check "has a layer mask" (>= (mask-of layer) 0))
    (check-equal "mask inside the selection" (mask-range layer 40 30 20 16)
                 '(1.0 1.0))
    (check "mask is applied" (one (gimp-layer-get-apply-mask layer)))
    (check-equal "selection" (hash-of-selection image) selection)))

(test "outside the mask the picture looks the same, bit for bit"
  (let* ((image (new-rgb-picture))
         (before (one (gimp-image-duplicate image)))
         (x (select-rectangle image 44 34 10 8)))
    (enhance-with image (first-layer image) #:feather 4 #:sharpen 1)
    (check-only-inside-changed before image 0 0)))

(test "feather 0: nothing outside the selection changes"
  (let* ((image (new-rgb-picture))
         (x (select-rectangle image 40 30 20 16))
         (layer (car (enhance-with image (first-layer image) #:feather 0)))
         (place (rectangle-of layer)))
    (check-equal "inside" (mask-range layer 40 30 20 16) '(1.0 1.0))
    (check-equal "left" (mask-range layer (car place) 30 (- 40 (car place)) 16)
                 '(0.0 0.0))))

(test "the recipe names operation, model and settings"
  (let* ((image (new-rgb-picture))
         (layer (car (enhance-with image (first-layer image) #:denoise 0.75)))
         (recipe (caddr (recipe-of layer))))
    (check "operation" (contains? recipe "\"enhance\""))
    (check "model" (contains? recipe "\"model\":\"restore\""))
    (check "denoise" (contains? recipe "\"denoise\":0.75"))
    (check "nothing of upscale's" (not (contains? recipe "resolution-mode")))))

(test "the same settings give the same pixels, others give others"
  (let* ((image (new-rgb-picture))
         (source (first-layer image))
         (first (hash-of (car (enhance-with image source #:denoise 0.5))))
         (second (hash-of (car (enhance-with image source #:denoise 0.5))))
         (third (hash-of (car (enhance-with image source #:denoise 1)))))
    (check-equal "pixels" second first)
    (check "another denoise" (not (equal? third first)))))

(test "Repeat works without a dialog"
  (let* ((image (new-rgb-picture))
         (source (first-layer image)))
    (plug-in-pentimento-enhance #:run-mode RUN-WITH-LAST-VALS #:image image
                                #:drawables (vector source))
    (check-equal "layers" (count-layers image) 2)))

(test "wrong arguments are named, and nothing changes"
  (let* ((image (new-rgb-picture))
         (source (first-layer image)))
    (check-refused-call "denoise" image
                        (enhance-with image source #:denoise 1.5))
    (check-refused-call "invalid input arguments" image
                        (enhance-with image source #:denoise 1.5))
    (check-refused-call "strength" image
                        (enhance-with image source #:strength -1))
    (check-refused-call "no-such-model" image
                        (enhance-with image source #:model "no-such-model"))
    (check-refused-call "patch-fill" image
                        (enhance-with image source #:model "patch-fill"))))

(test "a selection beside the layer is refused"
  (let* ((image (new-rgb-picture))
         (layer (add-layer image "small" 20 20 RGB-IMAGE 0 0)))
    (select-rectangle image 60 40 20 20)
    (check-refused-call "outside the layer" image (enhance image layer))))

(test "an indexed picture is refused with what to do"
  (let* ((image (new-rgb-picture))
         (x (gimp-image-convert-indexed image CONVERT-DITHER-NONE
                                        CONVERT-PALETTE-GENERATE 16 FALSE
                                        FALSE ""))
         (source (first-layer image)))
    (check-refused-call "Image > Mode > RGB" image (enhance image source))))

(test "a cancelled run leaves nothing"
  (let* ((image (new-image 1600 1200 RGB PRECISION-U8-NON-LINEAR))
         (layer (add-layer image "picture" 1600 1200 RGB-IMAGE 0 0))
         (x (gimp-image-clean-all image))
         (before (state-of image))
         (outcome (cancel-run "plug-in-pentimento-enhance" image layer SIGTERM
                              "denoise" 1)))
    (check "was cancelled while it ran" (>= (cadr outcome) 0))
    (check-cancelled-soon outcome)
    (tap-line "# cancelled in " (cadr outcome) " s")
    (check-equal "status" (car outcome) PDB-CANCEL)
    (check-equal "state of the image" (state-of image) before)))

(test "a run that is killed changes nothing"
  (let* ((image (new-image 1600 1200 RGB PRECISION-U8-NON-LINEAR))
         (layer (add-layer image "picture" 1600 1200 RGB-IMAGE 0 0))
         (x (gimp-image-clean-all image))
         (before (state-of image))
         (outcome (cancel-run "plug-in-pentimento-enhance" image layer SIGKILL
                              "denoise" 1)))
    (check "was killed while it ran" (>= (cadr outcome) 0))
    (check "no success" (not (= (car outcome) PDB-SUCCESS)))
    (check-equal "state of the image" (state-of image) before)))
