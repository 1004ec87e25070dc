; SPDX-License-Identifier: LGPL-3.0-or-later
; dialogs.scm: the Script-Fu side of run-ui-tests, which presses the keys.

(define (step name)
  (test-pentimento-touch #:path (string-append work-dir "/" name)))
(define (await name)
  (test-pentimento-wait #:path (string-append work-dir "/" name)))

(define (ask-remove image)
  (plug-in-pentimento-remove #:run-mode RUN-INTERACTIVE #:image image
                             #:drawables (vector (car (reverse
                                                        (layers-of image))))))

; The picture of the first steps stays open through them.
(define image (new-image 300 240 RGB PRECISION-U8-NON-LINEAR))
(define source (add-layer image "picture" 300 240 RGB-IMAGE 0 0))
(define before (hash-of source))
(gimp-image-set-file image (string-append work-dir "/pentimento-test.xcf"))
(gimp-image-clean-all image)
(gimp-display-new image)
(select-rectangle image 120 90 40 30)
(gimp-displays-flush)

(test-keep "OK in the dialog makes the new layer"
  (step "remove-ok")
  (let ((new (vector->list (one (ask-remove image)))))
    (check-equal "returned layers" (length new) 1)
    (check-equal "layers" (layers-of image) (append new (list source)))))

(test-keep "Cancel in the dialog changes nothing"
  (step "remove-cancel")
  (ask-remove image)
  (check-equal "layers" (count-layers image) 2))

(test-keep "one undo takes everything back, bit for bit"
  (let ((selection (hash-of (one (gimp-image-get-selection image)))))
    (step "undo")
    (await "undone")
    (check-equal "layers" (layers-of image) (list source))
    (check-equal "pixels" (hash-of source) before)
    (check-equal "selection" (hash-of (one (gimp-image-get-selection image)))
                 selection)))

(define (host-maps? part)
  (= 1 (one (test-pentimento-host-maps #:path part))))

; GIMP made an action and a menu entry of each operation when it started.
(test-keep "the filter's dialog adds it to the layer, which stays as it is"
  (check "GEGL has loaded the filters" (host-maps? "pentimento-filters"))
  (check "ONNX Runtime is not loaded" (not (host-maps? "onnxruntime")))
  (step "filter")
  (await "filtered")
  (let ((filters (vector->list (one (gimp-drawable-get-filters source)))))
    (check-equal "number of filters" (length filters) 1)
    (check-equal "operation"
                 (one (gimp-drawable-filter-get-operation-name (car filters)))
                 "pentimento:denoise")
    (check "ONNX Runtime is loaded" (host-maps? "onnxruntime"))
    (gimp-drawable-filter-delete (car filters))
    (check-equal "pixels" (hash-of source) before)))

(test-keep "Cancel while it works leaves no layer"
  (let* ((large (new-image 2600 2000 RGB PRECISION-U8-NON-LINEAR))
         (layer (add-layer large "large" 2600 2000 RGB-IMAGE 0 0)))
    (select-rectangle large 600 400 1200 1000)
    (step "stop")
    (ask-remove large)
    (check-equal "layers" (layers-of large) (list layer))
    (gimp-image-delete large)))

(define (size-of image)
  (list (one (gimp-image-get-width image)) (one (gimp-image-get-height image))))

(test-keep "Expand waits for a side, and takes the one typed"
  (step "expand")
  (plug-in-pentimento-expand #:run-mode RUN-INTERACTIVE #:image image
                             #:drawables (vector source))
  (check-equal "canvas" (size-of image) '(340 240)))

(test-keep "Re-show comes up with the values typed before, and a second model"
  (test-pentimento-make-folder #:path (string-append work-dir "/user/catalog"))
  (test-pentimento-rename
    #:from (string-append work-dir "/my-fill.json")
    #:to (string-append work-dir "/user/catalog/my-fill.json"))
  (step "reshow")
  (plug-in-pentimento-expand #:run-mode RUN-INTERACTIVE #:image image
                             #:drawables (vector source))
  (check-equal "canvas" (size-of image) '(380 240)))

(test-keep "Repeat uses the values typed before"
  (plug-in-pentimento-expand #:run-mode RUN-WITH-LAST-VALS #:image image
                             #:drawables (vector source))
  (check-equal "canvas" (size-of image) '(420 240)))

; A picture larger than the preview, with another layer and a selection.
(define photo (new-image 1200 900 RGB PRECISION-U8-NON-LINEAR))
(define photo-layer (add-layer photo "photo" 1200 900 RGB-IMAGE 0 0))
(define photo-before (hash-of photo-layer))

(test-keep "Enhance shows a preview to compare, and makes the new layer"
  (step "enhance")
  (let ((new (vector->list (one
          (plug-in-pentimento-enhance #:run-mode RUN-INTERACTIVE #:image photo
                                      #:drawables (vector photo-layer))))))
    (await "enhance-compared")
    (check-equal "layers" (layers-of photo) (append new (list photo-layer)))
    (check-equal "source pixels" (hash-of photo-layer) photo-before)))

(test-keep "Cancel while the preview is computed leaves nothing"
  (let ((layers (layers-of photo)))
    (step "enhance-cancel")
    (plug-in-pentimento-enhance #:run-mode RUN-INTERACTIVE #:image photo
                                #:drawables (vector photo-layer))
    (check-equal "layers" (layers-of photo) layers)))

; What undo has to bring back.
(define (state-of-photo)
  (list (state-of photo) (one (gimp-image-get-guide-position photo guide))))

(define guide (one (gimp-image-add-hguide photo 101)))
(gimp-image-remove-layer photo (first-layer photo))
(add-layer photo "other" 200 100 RGBA-IMAGE 301 203)
(gimp-image-set-resolution photo 300 300)
(gimp-image-set-file photo (string-append work-dir "/pentimento-photo.xcf"))
(gimp-display-new photo)
(gimp-image-clean-all photo)
(gimp-displays-flush)
(define photo-state (state-of-photo))

(test-keep "Upscale takes the factor typed, and scales the image"
  (step "upscale")
  (let ((new (vector->list (one
          (plug-in-pentimento-upscale #:run-mode RUN-INTERACTIVE #:image photo
                                      #:drawables (vector photo-layer))))))
    (await "upscale-compared")
    (check-equal "image" (size-of photo) '(1800 1350))
    (check-equal "new layer" (rectangle-of (car new)) '(0 0 1800 1350))))

(test-keep "one undo takes all of an upscale back, bit for bit"
  (step "undo-upscale")
  (await "upscale-undone")
  (check-equal "state" (state-of-photo) photo-state))

; What is insensitive in the dialog is left out, and told nobody as an error.
(define (check-refined layer)
  (check "model" (contains? (caddr (recipe-of layer)) "upscale-standard"))
  (check "no strength"
         (not (contains? (caddr (recipe-of layer)) "strength"))))

(test-keep "a setting that the model chosen later does not have is left out"
  (select-rectangle photo 600 400 40 30)
  (step "refine")
  (check-refined (car (vector->list (one
    (plug-in-pentimento-upscale #:run-mode RUN-INTERACTIVE #:image photo
                                #:drawables (vector photo-layer))))))
  (check-equal "image" (size-of photo) '(2400 1800)))

(test-keep "Repeat leaves it out, too"
  (check-refined (car (vector->list (one
    (plug-in-pentimento-upscale #:run-mode RUN-WITH-LAST-VALS #:image photo
                                #:drawables (vector photo-layer)))))))
