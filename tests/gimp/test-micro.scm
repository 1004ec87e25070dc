; SPDX-License-Identifier: LGPL-3.0-or-later
; needs Pentimento Micro
; test-micro.scm: operations with a prompt where the user has installed nothing.

(define (mean-of layer channel)
  (car (gimp-drawable-histogram layer channel 0.0 1.0)))

(define (is-red? layer)
  (let ((red (mean-of layer HISTOGRAM-RED)))
    (and (> red (* 1.4 (mean-of layer HISTOGRAM-GREEN)))
         (> red (* 1.4 (mean-of layer HISTOGRAM-BLUE))))))

(define-macro (run-micro procedure image layers . arguments)
  `(vector->list (one
     (,procedure #:run-mode RUN-NONINTERACTIVE #:image ,image
                 #:drawables (list->vector ,layers)
                 #:prompt "red fabric" #:seed 1 #:steps 8 ,@arguments))))

(define (check-model layer)
  (check "model in the recipe"
         (contains? (caddr (recipe-of layer)) "\"pentimento-micro\"")))

(test "generate: red fabric is red"
  (let* ((image (new-image 256 256 RGB PRECISION-U8-NON-LINEAR))
         (new (run-micro plug-in-pentimento-generate image '())))
    (check-equal "place" (rectangle-of (car new)) '(0 0 256 256))
    (check "red" (is-red? (car new)))
    (check-model (car new))))

(test "reimagine: another picture of the size of the layer"
  (let* ((image (new-image 256 192 RGB PRECISION-U16-NON-LINEAR))
         (source (add-layer image "picture" 256 192 RGB-IMAGE 0 0))
         (before (hash-of source))
         (new (run-micro plug-in-pentimento-reimagine image (list source)
                         #:strength 1)))
    (check-equal "place" (rectangle-of (car new)) '(0 0 256 192))
    (check-equal "source pixels" (hash-of source) before)
    (check "red" (is-red? (car new)))
    (check-model (car new))))

(test "fill with a prompt: a layer with a mask, nothing else changed"
  (let* ((image (new-image 256 256 RGB PRECISION-U8-NON-LINEAR))
         (source (add-layer image "picture" 256 256 RGB-IMAGE 0 0))
         (before (hash-of source)))
    (select-rectangle image 90 80 80 90)
    (let ((new (run-micro plug-in-pentimento-fill image (list source))))
      (check "has a layer mask" (>= (mask-of (car new)) 0))
      (check-equal "source pixels" (hash-of source) before)
      (check-equal "mask inside the selection"
                   (mask-range (car new) 100 90 60 70) '(1.0 1.0))
      (check-model (car new)))))

(test "edit: a red picture becomes blue"
  (let* ((image (new-image 256 256 RGB PRECISION-U8-NON-LINEAR))
         (source (add-layer image "picture" 256 256 RGB-IMAGE 0 0)))
    (gimp-context-set-foreground '(180 30 30))
    (gimp-drawable-edit-fill source FILL-FOREGROUND)
    (let* ((before (hash-of source))
           (new (vector->list (one
                  (plug-in-pentimento-edit #:run-mode RUN-NONINTERACTIVE
                                           #:image image
                                           #:drawables (vector source)
                                           #:prompt "make it blue"
                                           #:seed 1 #:steps 8)))))
      (check-equal "place" (rectangle-of (car new)) '(0 0 256 256))
      (check-equal "source pixels" (hash-of source) before)
      (check "blue" (> (mean-of (car new) HISTOGRAM-BLUE)
                       (* 1.4 (mean-of (car new) HISTOGRAM-RED))))
      (check-model (car new)))))

(define (edit image . instruction)
  (vector->list
    (one (plug-in-pentimento-edit #:run-mode RUN-NONINTERACTIVE #:image image
                                  #:drawables (vector (first-layer image))
                                  #:prompt (if (null? instruction)
                                               "make it blue"
                                               (car instruction))
                                  #:seed 1 #:steps 4))))

(define (check-edits image)
  (let* ((source (first-layer image))
         (before (hash-of source))
         (new (edit image)))
    (check-equal "layers" (layers-of image) (list (car new) source))
    (check-equal "place" (rectangle-of (car new)) (rectangle-of source))
    (check-equal "source pixels" (hash-of source) before)))

(test "edit: gray, 16 bits with alpha, a single pixel"
  (for-each
    (lambda (base type precision size)
      (let ((image (new-image size size base precision)))
        (add-layer image "picture" size size type 0 0)
        (check-edits image)))
    (list GRAY GRAY RGB RGB)
    (list GRAY-IMAGE GRAYA-IMAGE RGBA-IMAGE RGB-IMAGE)
    (list PRECISION-U8-NON-LINEAR PRECISION-U16-NON-LINEAR
          PRECISION-U16-NON-LINEAR PRECISION-U8-NON-LINEAR)
    (list 90 90 90 1)))

(test "edit: an indexed image is refused with what to do"
  (let ((picture (new-rgb-picture)))
    (gimp-image-convert-indexed picture CONVERT-DITHER-NONE
                                CONVERT-PALETTE-GENERATE 16 FALSE FALSE "")
    (check-refused-call "Image > Mode > RGB" picture (edit image))))

(test "edit: no instruction, and nothing of the layer selected"
  (check-refused-call "needs an instruction" (new-rgb-picture)
                      (edit image ""))
  (let ((picture (new-image 200 200 RGB PRECISION-U8-NON-LINEAR)))
    (add-layer picture "picture" 50 50 RGB-IMAGE 0 0)
    (select-rectangle picture 120 120 40 40)
    (check-refused-call "lies outside the layer" picture (edit image))))
