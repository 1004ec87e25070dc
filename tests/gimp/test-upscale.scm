; SPDX-License-Identifier: LGPL-3.0-or-later
; test-upscale.scm: what plug-in-pentimento-upscale leaves in the image.

(define-macro (upscale-with image layer . arguments)
  `(vector->list
     (one (plug-in-pentimento-upscale #:run-mode RUN-NONINTERACTIVE
                                      #:image ,image
                                      #:drawables (vector ,layer)
                                      ,@arguments))))

(test "the image gets twice as large, the new layer covers the source"
  (let* ((image (new-rgb-picture))
         (source (first-layer image))
         (new (upscale image source)))
    (check-equal "number" (length new) 1)
    (check-equal "layers" (layers-of image) (append new (list source)))
    (check-equal "image" (size-of-image image) '(192 160))
    (check-equal "name" (name-of (car new)) "Upscale")
    (check-equal "new layer" (rectangle-of (car new)) '(0 0 192 160))
    (check-equal "source" (rectangle-of source) '(0 0 192 160))
    (check "no mask" (< (mask-of (car new)) 0))))

; What GIMP itself makes of everything but the new layer.
(test "other layers, selection, guides and paths follow as GIMP scales them"
  (let* ((image (new-rgb-picture))
         (source (first-layer image))
         (other (add-layer image "other" 30 20 RGBA-IMAGE 50 41))
         (guide (one (gimp-image-add-hguide image 11)))
         (path (one (gimp-path-new image "path"))))
    (gimp-image-insert-path image path 0 0)
    (gimp-path-bezier-stroke-new-moveto path 10 20)
    (select-rectangle image 40 30 20 16)
    (let ((plain (one (gimp-image-duplicate image))))
      (gimp-image-scale plain 192 160)
      (upscale image source)
      (check-equal "selection" (hash-of-selection image)
                   (hash-of-selection plain))
      (check-equal "guide" (one (gimp-image-get-guide-position image guide))
                   22)
      (check-equal "path"
        (caddr (gimp-path-stroke-get-points path 1))
        (caddr (gimp-path-stroke-get-points
                 (vector-ref (one (gimp-image-get-paths plain)) 0) 1)))
      (check-equal "other layer" (hash-of other)
                   (hash-of (first-layer plain)))
      (check-equal "other layer's place" (rectangle-of other)
                   '(100 82 60 40))
      (check-equal "source"
                   (hash-of source) (hash-of (cadr (layers-of plain)))))))

(test "a layer at an odd place, by a fraction: new layer and source coincide"
  (let* ((image (new-rgb-picture))
         (layer (add-layer image "odd" 41 33 RGBA-IMAGE 7 5))
         (new (car (upscale-with image layer #:factor 1.5))))
    (check-equal "image" (size-of-image image) '(144 120))
    (check-equal "place" (rectangle-of new) (rectangle-of layer))))

(test "every factor from 1 to 4"
  (for-each
    (lambda (factor)
      (let* ((image (new-rgb-picture))
             (source (first-layer image))
             (new (car (upscale-with image source #:factor factor))))
        (check-equal "image" (size-of-image image)
                     (list (inexact->exact (round (* 96 factor)))
                           (inexact->exact (round (* 80 factor)))))
        (check-equal "layer" (rectangle-of new) (rectangle-of source))))
    '(1 1.25 2 2.5 3 3.5 4)))

(test "a long image by a fraction: both sides are rounded, nothing is cut"
  (let* ((image (new-image 200 13 RGB PRECISION-U8-NON-LINEAR))
         (layer (add-layer image "long" 200 13 RGB-IMAGE 0 0))
         (new (car (upscale-with image layer #:factor 1.25))))
    (check-equal "image" (size-of-image image) '(250 16))
    (check-equal "source" (rectangle-of layer) '(0 0 250 16))
    (check-equal "new layer" (rectangle-of new) '(0 0 250 16))))

(test "width and height ask for a size; the picture fits inside"
  (let* ((image (new-rgb-picture))
         (source (first-layer image)))
    (upscale-with image source #:width 192 #:height 300)
    (check-equal "image" (size-of-image image) '(192 160))))

(test "crop-to-fill cuts the image to the shape, evenly"
  (let* ((image (new-rgb-picture))
         (source (first-layer image))
         (new (car (upscale-with image source #:width 192 #:height 120
                                 #:crop-to-fill TRUE))))
    (check-equal "image" (size-of-image image) '(192 120))
    (check-equal "source" (rectangle-of source) '(0 -20 192 160))
    (check-equal "new layer" (rectangle-of new) '(0 0 192 120))))

(test "target \"layer\" leaves the canvas and everything in it alone"
  (let* ((image (new-rgb-picture))
         (layer (add-layer image "layer" 40 30 RGBA-IMAGE 7 5))
         (x (gimp-image-clean-all image))
         (before (state-of image))
         (new (upscale-with image layer #:target "layer" #:factor 3)))
    (check-equal "place" (rectangle-of (car new)) '(7 5 120 90))
    (check-equal "above the source" (car (layers-of image)) (car new))
    (gimp-image-remove-layer image (car new))
    (gimp-image-clean-all image)
    (check-equal "the rest" (state-of image) before)))

(test "a selection is upscaled alone, with its mask"
  (let* ((image (new-rgb-picture))
         (source (first-layer image))
         (x (select-rectangle image 40 30 20 16))
         (new (car (upscale-with image source #:feather 0)))
         (place (rectangle-of new)))
    (check-equal "image" (size-of-image image) '(192 160))
    (check "has a mask" (>= (mask-of new) 0))
    (check "reaches over the selection"
           (and (<= (car place) 80) (<= (cadr place) 60)
                (>= (+ (car place) (caddr place)) 120)
                (>= (+ (cadr place) (cadddr place)) 92)))
    (check "is smaller than the image" (< (caddr place) 192))
    (check-equal "mask inside" (mask-range new 82 62 36 28) '(1.0 1.0))))

(test "the resolution is kept, or the size on paper"
  (let ((image (new-rgb-picture)))
    (gimp-image-set-resolution image 300 150)
    (upscale-with image (first-layer image) #:factor 2)
    (check-equal "kept" (gimp-image-get-resolution image) '(300.0 150.0))
    (upscale-with image (first-layer image) #:factor 2
                  #:resolution-mode "keep-print-size")
    (check-equal "multiplied" (gimp-image-get-resolution image)
                 '(600.0 300.0))))

(test "the recipe has settings, model and resolution-mode"
  (let* ((image (new-rgb-picture))
         (layer (car (upscale-with image (first-layer image)
                                   #:model "upscale-high-fidelity"
                                   #:resolution-mode "keep-print-size")))
         (recipe (caddr (recipe-of layer))))
    (check "operation" (contains? recipe "\"upscale\""))
    (check "model" (contains? recipe "\"model\":\"upscale-high-fidelity\""))
    (check "factor" (contains? recipe "\"factor\":2"))
    (check "mode" (contains? recipe
                             "\"resolution-mode\":\"keep-print-size\"}"))))

; As GIMP does it when it scales: compared with GIMP's own scaling.
(test "size and resolution in the metadata follow"
  (let ((image (new-rgb-picture)))
    (gimp-image-set-resolution image 300 300)
    (test-pentimento-set-metadata #:image image)
    (let ((plain (one (gimp-image-duplicate image))))
      (gimp-image-scale plain 192 160)
      (gimp-image-set-resolution plain 600 600)
      (upscale-with image (first-layer image)
                    #:resolution-mode "keep-print-size")
      (for-each
        (lambda (tag)
          (let ((value (one (test-pentimento-metadata #:image image
                                                      #:tag tag))))
            (tap-line "# " tag ": " value)
            (check-equal tag value
              (one (test-pentimento-metadata #:image plain #:tag tag)))))
        '("Exif.Photo.PixelXDimension" "Exif.Image.ImageWidth"
          "Exif.Image.XResolution" "Xmp.tiff.ImageWidth"
          "Exif.Image.Artist"))
      (check-equal "other tags stay"
        (one (test-pentimento-metadata #:image image
                                       #:tag "Exif.Image.Artist"))
        "Pentimento"))))

(test "every model works with the values it is called with by default"
  (for-each
    (lambda (model)
      (let ((image (new-rgb-picture)))
        (check-equal model
          (length (upscale-with image (first-layer image) #:model model))
          1)))
    '("upscale-standard" "upscale-high-fidelity" "upscale-low-resolution"
      "upscale-cgi" "upscale-text-refine")))

(test "a layer in a group: the result goes above it, into the group"
  (let* ((image (new-rgb-picture))
         (group (one (gimp-group-layer-new image "folder")))
         (layer (one (gimp-layer-new image "inner" 50 40 RGBA-IMAGE 100
                                     LAYER-MODE-NORMAL))))
    (gimp-image-insert-layer image group 0 0)
    (gimp-image-insert-layer image layer group 0)
    (draw layer 3)
    (let ((new (upscale image layer)))
      (check-equal "children"
                   (vector->list (one (gimp-item-get-children group)))
                   (list (car new) layer))
      (check-equal "place" (rectangle-of (car new)) (rectangle-of layer)))))

(test "Repeat works without a dialog"
  (let ((image (new-rgb-picture)))
    (plug-in-pentimento-upscale #:run-mode RUN-WITH-LAST-VALS #:image image
                                #:drawables (vector (first-layer image)))
    (check-equal "image" (size-of-image image) '(192 160))))
