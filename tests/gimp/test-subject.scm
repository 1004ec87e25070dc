; SPDX-License-Identifier: LGPL-3.0-or-later
; test-subject.scm: what plug-in-pentimento-select-subject selects.

; A disk of one color on another, both with a little noise.
(define (new-disk)
  (let* ((image (new-image 200 160 RGB PRECISION-U8-NON-LINEAR))
         (layer (add-layer image "disk" 200 160 RGB-IMAGE 0 0)))
    (gimp-context-set-foreground '(40 60 150))
    (gimp-drawable-fill layer FILL-FOREGROUND)
    (gimp-image-select-ellipse image CHANNEL-OP-REPLACE 60 40 80 80)
    (gimp-context-set-foreground '(220 170 60))
    (gimp-drawable-edit-fill layer FILL-FOREGROUND)
    (gimp-selection-none image)
    image))

(define-macro (select-with image . arguments)
  `(plug-in-pentimento-select-subject #:run-mode RUN-NONINTERACTIVE
                                      #:image ,image
                                      #:drawables (vector (first-layer ,image))
                                      ,@arguments))

(define (selected-at image x y)
  (one (gimp-selection-value image x y)))

(test "inside a rough selection the subject is selected"
  (let* ((image (new-disk))
         (layers (layers-of image))
         (x (select-rectangle image 40 20 120 120)))
    (select-with image)
    (check-equal "middle" (selected-at image 100 80) 255)
    (check-equal "edge" (selected-at image 64 80) 255)
    (check-equal "beside it" (selected-at image 50 80) 0)
    (check-equal "corner of the old selection" (selected-at image 45 25) 0)
    (check-equal "outside" (selected-at image 10 10) 0)
    (check-equal "layers" (layers-of image) layers)
    (check-equal "channels" (one (gimp-image-get-channels image)) #())))

(test "what is around the subject"
  (let ((image (new-disk)))
    (select-rectangle image 40 20 120 120)
    (select-with image #:subject "Background")
    (check-equal "middle" (selected-at image 100 80) 0)
    (check-equal "beside it" (selected-at image 50 80) 255)
    (check-equal "outside" (selected-at image 10 10) 255)))

(test "without a network and a selection it says what to do"
  (let ((image (new-rgb-picture)))
    (check-refused-call "models/subject" image (select-with image))))

(test "a network that is missing is named"
  (let ((image (new-disk)))
    (select-rectangle image 40 20 120 120)
    (check-refused-call "subject-model" image
      (select-with image #:subject-model "gone"))))

(test "enhance leaves the background alone"
  (let* ((image (new-disk))
         (x (select-rectangle image 40 20 120 120))
         (new (car (vector->list
                (one (plug-in-pentimento-enhance
                       #:run-mode RUN-NONINTERACTIVE #:image image
                       #:drawables (vector (first-layer image))
                       #:denoise 0.5 #:subject "Foreground"))))))
    (check-equal "subject" (mask-range new 90 70 20 20) '(1.0 1.0))
    (check-equal "around it" (mask-range new 44 24 8 8) '(0.0 0.0))))

(test "enhance names a network for subjects that is missing"
  (let ((image (new-disk)))
    (select-rectangle image 40 20 120 120)
    (check-refused-call "subject-model" image
      (plug-in-pentimento-enhance #:run-mode RUN-NONINTERACTIVE #:image image
                                  #:drawables (vector (first-layer image))
                                  #:denoise 0.5 #:subject "Foreground"
                                  #:subject-model "gone"))))
