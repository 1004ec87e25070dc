; SPDX-License-Identifier: LGPL-3.0-or-later
; test-expand.scm: plug-in-pentimento-expand.

(define (size-of image)
  (list (one (gimp-image-get-width image)) (one (gimp-image-get-height image))))

(test "expand to the left and the bottom enlarges the canvas"
  (let* ((image (new-rgb-picture))
         (source (first-layer image))
         (before (one (gimp-image-duplicate image)))
         (source-before (hash-of source))
         (new (vector->list (one
           (plug-in-pentimento-expand #:run-mode RUN-NONINTERACTIVE
                                      #:image image
                                      #:drawables (vector source)
                                      #:left 24 #:bottom 10 #:seed 3)))))
    (check-equal "canvas" (size-of image) '(120 90))
    (check-equal "source" (gimp-drawable-get-offsets source) '(24 0))
    (check-equal "source pixels" (hash-of source) source-before)
    (check-equal "layers" (layers-of image) (append new (list source)))
    (check-equal "name" (name-of (car new)) "Expand")
    (check-equal "mask on the left"
                 (mask-range (car new) 0 0 24 90) '(1.0 1.0))
    (check-equal "mask at the bottom"
                 (mask-range (car new) 0 80 120 10)
                 '(1.0 1.0))))

(test "expand leaves the middle as it was, bit for bit"
  (let* ((image (new-image 300 200 RGB PRECISION-U8-NON-LINEAR))
         (source (add-layer image "picture" 300 200 RGB-IMAGE 0 0))
         (before (one (gimp-image-duplicate image))))
    (plug-in-pentimento-expand #:run-mode RUN-NONINTERACTIVE #:image image
                               #:drawables (vector source)
                               #:left 20 #:top 16 #:right 8 #:blend 8)
    (check-equal "canvas" (size-of image) '(328 216))
    (let ((comparison (compare before image 20 16)))
      (check "there is a middle" (> (outside comparison) 0))
      (check-equal "changed there" (outside-changed comparison) 0))))

(test "expand to an aspect ratio"
  (let* ((image (new-image 120 80 RGB PRECISION-U8-NON-LINEAR))
         (source (add-layer image "picture" 120 80 RGB-IMAGE 0 0)))
    (plug-in-pentimento-expand #:run-mode RUN-NONINTERACTIVE #:image image
                               #:drawables (vector source) #:aspect "1:1")
    (check-equal "canvas" (size-of image) '(120 120))
    (check-equal "source" (gimp-drawable-get-offsets source) '(0 20))))

(test "expand a layer inside the canvas"
  (let* ((image (new-image 160 120 RGB PRECISION-U8-NON-LINEAR))
         (back (add-layer image "back" 160 120 RGB-IMAGE 0 0))
         (source (add-layer image "small" 80 60 RGB-IMAGE 40 30))
         (new (vector->list (one
           (plug-in-pentimento-expand #:run-mode RUN-NONINTERACTIVE
                                      #:image image
                                      #:drawables (vector source)
                                      #:right 20 #:scope "layer")))))
    (check-equal "canvas" (size-of image) '(160 120))
    (check-equal "mask" (mask-range (car new) 120 30 20 60)
                 '(1.0 1.0))
    (check-equal "layers" (layers-of image)
                 (list (car new) source back))))

(test "the selection moves with the picture"
  (let* ((image (new-rgb-picture))
         (source (first-layer image)))
    (select-rectangle image 40 30 20 16)
    (plug-in-pentimento-expand #:run-mode RUN-NONINTERACTIVE #:image image
                               #:drawables (vector source) #:left 24)
    (check-equal "bounds" (cdr (gimp-selection-bounds image))
                 '(64 30 84 46))))

(test "expand without a side is a calling error that names the arguments"
  (let* ((image (new-rgb-picture))
         (source (first-layer image))
         (failure (failure-of
           (plug-in-pentimento-expand #:run-mode RUN-NONINTERACTIVE
                                      #:image image
                                      #:drawables (vector source)))))
    (check-failure "left" failure)
    (check-failure "aspect" failure)
    (check-failure "invalid input arguments" failure)
    (check-equal "layers" (layers-of image) (list source))
    (check-equal "canvas" (size-of image) '(96 80))))

(define-macro (check-expand-refused part . arguments)
  `(let* ((image (new-rgb-picture))
          (source (first-layer image)))
     (check-fails-with ,part
       (plug-in-pentimento-expand #:run-mode RUN-NONINTERACTIVE #:image image
                                  #:drawables (vector source) ,@arguments))
     (check-equal "layers" (layers-of image) (list source))
     (check-equal "canvas" (size-of image) '(96 80))))

(test "wrong sides, aspects and choices are named"
  (check-expand-refused "“left” is -10" #:left -10)
  (check-expand-refused "aspect “abc”" #:aspect "abc")
  (check-expand-refused "anchor" #:aspect "1:1" #:anchor "middle")
  (check-expand-refused "scope" #:left 10 #:scope "world"))

(test "a cancelled expand leaves the canvas alone"
  (let* ((image (new-image 1200 1000 RGB PRECISION-U8-NON-LINEAR))
         (source (add-layer image "picture" 1200 1000 RGB-IMAGE 0 0))
         (outcome (cancel-run "plug-in-pentimento-expand" image source SIGTERM
                              "right" 300)))
    (check "was cancelled while it ran" (>= (cadr outcome) 0))
    (check-cancelled-soon outcome)
    (tap-line "# cancelled in " (cadr outcome) " s")
    (check-equal "status" (car outcome) PDB-CANCEL)
    (check-equal "layers" (layers-of image) (list source))
    (check-equal "canvas" (size-of image) '(1200 1000))))
