; SPDX-License-Identifier: LGPL-3.0-or-later
; test-bad-input.scm: a sentence that says what to do, the image unchanged.

; Runs remove with named arguments, and checks text and image.
(define-macro (check-refused part image . arguments)
  `(let* ((image ,image)
          (before (layers-of image))
          (hashes (map hash-of before))
          (failure (failure-of
            (plug-in-pentimento-remove #:run-mode RUN-NONINTERACTIVE
                                       #:image image
                                       #:drawables (vector (car before))
                                       ,@arguments))))
     (check-failure ,part failure)
     (check-equal "layers" (layers-of image) before)
     (check-equal "pixels" (map hash-of before) hashes)))

(test "remove without a selection"
  (check-refused "Nothing is selected. Select" (new-rgb-picture)))

(test "remove with everything selected"
  (let ((image (new-rgb-picture)))
    (gimp-selection-all image)
    (check-refused "" image)))

(test "nothing to copy from: the rest is transparent"
  (let* ((image (new-picture RGB RGBA-IMAGE PRECISION-U8-NON-LINEAR))
         (layer (first-layer image)))
    (gimp-selection-all image)
    (gimp-drawable-edit-clear layer)
    (select-rectangle image 40 30 20 16)
    (check-refused "" image)))

(test "a value out of range names the argument"
  (let ((image (new-rgb-picture)))
    (select-rectangle image 40 30 20 16)
    (check-refused "patch-size" image #:patch-size 99)
    (check-refused "invalid input arguments" image #:patch-size 99)
    (check-refused "count" image #:count 0)
    (check-refused "seed" image #:seed 4294967296)
    (check-refused "seed" image #:seed 1.5)))

(test "every problem is told at once"
  (let ((image (new-rgb-picture)))
    (select-rectangle image 40 30 20 16)
    (check-refused "patch-size" image #:patch-size 99 #:count 99)
    (check-refused "count" image #:patch-size 99 #:count 99)))

(test "a layer of another picture"
  (let* ((image (new-rgb-picture))
         (other (new-rgb-picture)))
    (select-rectangle other 40 30 20 16)
    (check-fails-with "another picture"
                      (remove-from other (first-layer image)))))

(test "an unknown model is named"
  (let ((image (new-rgb-picture)))
    (select-rectangle image 40 30 20 16)
    (check-refused "no-such-model" image #:model "no-such-model")))

(test "no drawable, and two"
  (let* ((image (new-rgb-picture))
         (layer (first-layer image))
         (top (add-layer image "top" 20 20 RGB-IMAGE 0 0)))
    (select-rectangle image 40 30 20 16)
    (check-fails-with "one layer at a time"
      (plug-in-pentimento-remove #:run-mode RUN-NONINTERACTIVE #:image image
                                 #:drawables (vector)))
    (check-fails-with "one layer at a time"
      (plug-in-pentimento-remove #:run-mode RUN-NONINTERACTIVE #:image image
                                 #:drawables (vector layer top)))))

(test "a layer of 1x1"
  (let* ((image (new-image 1 1 RGB PRECISION-U8-NON-LINEAR)))
    (add-layer image "dot" 1 1 RGB-IMAGE 0 0)
    (gimp-selection-all image)
    (check-refused "" image)))

(test "a dialog without a display is refused, GIMP goes on"
  (let* ((image (new-rgb-picture)))
    (select-rectangle image 40 30 20 16)
    (check-fails-with "RUN-NONINTERACTIVE"
      (plug-in-pentimento-remove #:run-mode RUN-INTERACTIVE #:image image
                                 #:drawables
                                 (vector (first-layer image))))))

(test "a huge picture with little to do"
  (let* ((image (new-image 30000 30000 GRAY PRECISION-U8-NON-LINEAR))
         (layer (one (gimp-layer-new image "huge" 30000 30000 GRAY-IMAGE 100
                                     LAYER-MODE-NORMAL))))
    (gimp-image-insert-layer image layer 0 0)
    (select-rectangle image 15000 15000 8 8)
    (check-equal "new layers"
      (length (vector->list (one
        (plug-in-pentimento-remove #:run-mode RUN-NONINTERACTIVE #:image image
                                   #:drawables (vector layer)
                                   #:context 64))))
      1)))

; What a program in C or Python is told: status and message.
(define (call procedure image layer)
  (test-pentimento-call #:proc-name procedure #:mode RUN-NONINTERACTIVE
                        #:image image #:drawable layer))

(test "a needed argument that is missing is a calling error"
  (let* ((image (new-rgb-picture))
         (outcome (call "plug-in-pentimento-expand" image
                        (first-layer image))))
    (check-equal "status" (car outcome) PDB-CALLING-ERROR)
    (check "message" (contains? (cadr outcome) "left"))))

(test "a picture that can't be worked on is an execution error"
  (let* ((image (new-rgb-picture))
         (outcome (call "plug-in-pentimento-remove" image
                        (first-layer image))))
    (check-equal "status" (car outcome) PDB-EXECUTION-ERROR)
    (check "message" (contains? (cadr outcome) "Nothing is selected"))))

(define (write-manifest name text)
  (let ((port (open-output-file (string-append work-dir "/user/catalog/" name))))
    (display text port)
    (close-output-port port)))

(test "a broken manifest of the user's leaves the others alone"
  (let* ((image (new-rgb-picture)))
    (test-pentimento-make-folder
      #:path (string-append work-dir "/user/catalog"))
    (write-manifest "broken.json" "{ \"id\": ")
    (select-rectangle image 40 30 20 16)
    (check-equal "new layers" (length (remove-from image (first-layer image)))
                 1)))

; Last: it breaks the data folder for the rest of this GIMP.
(test "missing manifests are told with their folder"
  (let* ((image (new-rgb-picture)))
    (select-rectangle image 40 30 20 16)
    (test-pentimento-rename #:from (string-append work-dir "/data/catalog")
                            #:to (string-append work-dir "/data/gone"))
    (check-refused (string-append work-dir "/data/catalog") image)))
