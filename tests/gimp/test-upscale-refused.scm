; SPDX-License-Identifier: LGPL-3.0-or-later
; test-upscale-refused.scm: wrong calls and cancelled runs of
; plug-in-pentimento-upscale: a sentence, and the image unchanged.

(define-macro (upscale-with image layer . arguments)
  `(vector->list
     (one (plug-in-pentimento-upscale #:run-mode RUN-NONINTERACTIVE
                                      #:image ,image
                                      #:drawables (vector ,layer)
                                      ,@arguments))))

(define-macro (check-refused part . arguments)
  `(let ((image (new-rgb-picture)))
     (check-refused-call ,part image
                         (upscale-with image (first-layer image)
                                       ,@arguments))))

(test "a factor beyond the range"
  (check-refused "factor" #:factor 9)
  (check-refused "invalid input arguments" #:factor 9)
  (check-refused "factor" #:factor 0.5)
  (check-refused "width" #:width -1))

(test "an unknown model, and one for something else"
  (check-refused "no-such-model" #:model "no-such-model")
  (check-refused "patch-fill" #:model "patch-fill"))

(test "an unknown target"
  (check-refused "target" #:target "canvas"))

(test "a parameter that the model does not have names both"
  (check-refused "fix-compression" #:model "upscale-cgi" #:fix-compression 0.5)
  (check-refused "upscale-cgi" #:model "upscale-cgi" #:fix-compression 0.5)
  (check-refused "invalid input arguments" #:model "upscale-cgi"
                 #:fix-compression 0.5)
  (check-refused "strength" #:strength 0.5))

(test "crop-to-fill needs width and height"
  (check-refused "crop-to-fill" #:crop-to-fill TRUE))

(test "resolution-mode: unknown, and where the image is not scaled"
  (check-refused "keep-print-size" #:resolution-mode "print")
  (check-refused "invalid input arguments" #:resolution-mode "print")
  (check-refused "target" #:target "layer"
                 #:resolution-mode "keep-print-size")
  (check-refused "invalid input arguments" #:target "layer"
                 #:resolution-mode "keep-print-size"))

(test "an image that would be larger than GIMP allows"
  (let* ((image (new-image 200000 10 RGB PRECISION-U8-NON-LINEAR))
         (layer (add-layer image "layer" 20 10 RGB-IMAGE 0 0)))
    (check-refused-call "524288" image
                        (upscale-with image layer #:factor 3))))

(test "a layer that would be larger than GIMP allows is named"
  (let* ((image (new-rgb-picture))
         (source (first-layer image)))
    (add-layer image "long one" 200000 1 RGB-IMAGE 0 0)
    (check-refused-call "long one" image
                        (upscale-with image source #:factor 3))))

(test "a resolution beyond GIMP's"
  (let ((image (new-rgb-picture)))
    (gimp-image-set-resolution image 500000 500000)
    (check-refused-call "resolution" image
      (upscale-with image (first-layer image) #:factor 3
                    #:resolution-mode "keep-print-size"))))

(test "a result that does not fit into memory"
  (let* ((image (new-image 100000 100000 GRAY PRECISION-DOUBLE-LINEAR))
         (layer (one (gimp-layer-new image "huge" 100000 100000 GRAY-IMAGE 100
                                     LAYER-MODE-NORMAL))))
    (gimp-image-insert-layer image layer 0 0)
    (gimp-image-clean-all image)
    (check-fails-with "memory" (upscale-with image layer #:factor 4))
    (check-equal "image" (size-of-image image) '(100000 100000))
    (check-equal "layers" (layers-of image) (list layer))
    (check "no undo step" (not (one (gimp-image-is-dirty image))))))

(test "an indexed picture"
  (let* ((image (new-rgb-picture))
         (x (gimp-image-convert-indexed image CONVERT-DITHER-NONE
                                        CONVERT-PALETTE-GENERATE 16 FALSE
                                        FALSE "")))
    (check-refused-call "Image > Mode > RGB" image
                        (upscale image (first-layer image)))))

(test "a locked group"
  (let* ((image (new-rgb-picture))
         (group (one (gimp-group-layer-new image "folder")))
         (layer (one (gimp-layer-new image "inner" 50 40 RGBA-IMAGE 100
                                     LAYER-MODE-NORMAL))))
    (gimp-image-insert-layer image group 0 0)
    (gimp-image-insert-layer image layer group 0)
    (gimp-item-set-lock-content group TRUE)
    (check-refused-call "is locked" image (upscale image layer))))

(define (check-ended signal check-outcome)
  (let* ((image (new-image 900 700 RGB PRECISION-U8-NON-LINEAR))
         (layer (add-layer image "picture" 900 700 RGB-IMAGE 0 0))
         (x (select-rectangle image 10 10 800 600))
         (x2 (gimp-image-clean-all image))
         (before (state-of image))
         (outcome (cancel-run "plug-in-pentimento-upscale" image layer signal
                              "" 0)))
    (check "ended while it ran" (>= (cadr outcome) 0))
    (check-outcome outcome)
    (check-equal "state of the image" (state-of image) before)))

(test "a cancelled run leaves nothing"
  (check-ended SIGTERM
    (lambda (outcome)
      (tap-line "# cancelled in " (cadr outcome) " s")
      (check-cancelled-soon outcome)
      (check-equal "status" (car outcome) PDB-CANCEL))))

(test "a run that is killed leaves nothing"
  (check-ended SIGKILL
    (lambda (outcome)
      (check "no success" (not (= (car outcome) PDB-SUCCESS))))))
