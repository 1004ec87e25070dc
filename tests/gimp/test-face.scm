; SPDX-License-Identifier: LGPL-3.0-or-later
; test-face.scm: what plug-in-pentimento-face leaves in the image, and faces of
; enhance.

(define has-shared (not (string=? shared-dir "")))
(define why-not "PENTIMENTO_SHARED names no folder with photographs")
(define faces-folder (string-append work-dir "/user/models/faces"))

(define (drop-detector)
  (test-pentimento-make-folder #:path faces-folder)
  (test-pentimento-copy #:from (string-append shared-dir "/models/yunet.onnx")
                        #:to (string-append faces-folder "/yunet.onnx")))

(define (load-photo name)
  (one (gimp-file-load RUN-NONINTERACTIVE
                       (string-append shared-dir "/photos/" name))))

(define-macro (face-with image . arguments)
  `(vector->list
     (one (plug-in-pentimento-face #:run-mode RUN-NONINTERACTIVE
                                   #:image ,image
                                   #:drawables (vector (first-layer ,image))
                                   ,@arguments))))

(test-if has-shared why-not "a face becomes a masked layer, nothing else changes"
  (drop-detector)
  (let* ((image (load-photo "astronaut.png"))
         (before (one (gimp-image-duplicate image)))
         (source (first-layer image))
         (hash (hash-of source))
         (new (face-with image))
         (recipe (caddr (recipe-of (car new)))))
    (check-equal "number" (length new) 1)
    (check-equal "name" (name-of (car new)) "Enhance Faces")
    (check-equal "source pixels" (hash-of source) hash)
    (check-equal "middle of the face" (mask-range (car new) 215 110 20 20)
                 '(1.0 1.0))
    (check "recipe has the face" (contains? recipe "\"faces\":[{\"box\":["))
    (check "recipe has the network" (contains? recipe "\"model\":\"shipped\""))
    (check "recipe has the strength" (contains? recipe "\"strength\":0.8"))
    (check-only-inside-changed before image 0 0)))

(test-if has-shared why-not "a picture without faces gets no layer"
  (drop-detector)
  (let* ((image (load-photo "coffee.png"))
         (layers (layers-of image)))
    (check-equal "new layers" (face-with image) '())
    (check-equal "layers" (layers-of image) layers)))

(test-if has-shared why-not "a selection elsewhere leaves the face out"
  (drop-detector)
  (let ((image (load-photo "astronaut.png")))
    (select-rectangle image 350 350 100 100)
    (check-equal "new layers" (face-with image) '())))

(test-if has-shared why-not "a selection cuts the mask"
  (drop-detector)
  (let ((image (load-photo "astronaut.png")))
    (select-rectangle image 150 20 75 170)
    (let ((new (car (face-with image))))
      (check-equal "inside" (mask-range new 205 110 15 15) '(1.0 1.0))
      (check-equal "outside" (mask-range new 230 110 15 15) '(0.0 0.0)))))

(test-if has-shared why-not "wrong arguments are named"
  (drop-detector)
  (let ((image (load-photo "astronaut.png")))
    (check-refused-call "faces" image (face-with image #:faces "some"))
    (check-refused-call "1 face was found" image (face-with image #:faces "2"))
    (check-refused-call "face-creativity" image
      (face-with image #:face-creativity 0.5))
    (check-refused-call "face-model" image
      (face-with image #:face-model "missing"))))

(test-if has-shared why-not "strength 0 changes no bit"
  (drop-detector)
  (let* ((image (load-photo "astronaut.png"))
         (before (one (gimp-image-duplicate image))))
    (face-with image #:face-strength 0)
    (check-equal "inside" (inside-changed (compare before image 0 0)) 0)))

(test-if has-shared why-not "a damaged file leaves the others alone"
  (drop-detector)
  (let ((port (open-output-file (string-append faces-folder "/broken.onnx"))))
    (display "this is no network" port)
    (close-output-port port))
  (let ((image (load-photo "astronaut.png")))
    (check-equal "number" (length (face-with image)) 1)))

(test-if has-shared why-not "enhance works on faces, too"
  (drop-detector)
  (let* ((image (load-photo "astronaut.png"))
         (new (vector->list
                (one (plug-in-pentimento-enhance
                       #:run-mode RUN-NONINTERACTIVE #:image image
                       #:drawables (vector (first-layer image))
                       #:face-enhancement TRUE #:faces "largest")))))
    (check-equal "number" (length new) 1)
    (check "recipe" (contains? (caddr (recipe-of (car new))) "\"faces\":[{"))))

(test-if has-shared why-not "upscale works on faces, too"
  (drop-detector)
  (let* ((image (load-photo "astronaut.png"))
         (new (vector->list
                (one (plug-in-pentimento-upscale
                       #:run-mode RUN-NONINTERACTIVE #:image image
                       #:drawables (vector (first-layer image))
                       #:face-enhancement TRUE)))))
    (check-equal "image" (size-of-image image) '(1024 1024))
    (check "recipe" (contains? (caddr (recipe-of (car new))) "\"faces\":[{"))))
