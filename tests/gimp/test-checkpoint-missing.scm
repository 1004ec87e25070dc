; SPDX-License-Identifier: LGPL-3.0-or-later
; test-checkpoint-missing.scm: operations that need a checkpoint, without one.

(define folder (string-append work-dir "/user/models/checkpoints"))

(define-macro (check-missing procedure image layer . arguments)
  `(check-refused-call folder ,image
     (,procedure #:run-mode RUN-NONINTERACTIVE #:image image
                 #:drawables (vector ,layer) #:prompt "a red jacket"
                 ,@arguments)))

(define (new-selected-picture)
  (let ((image (new-rgb-picture)))
    (select-rectangle image 40 30 20 16)
    image))

(test "the folder for checkpoints is told"
  (let* ((image (new-selected-picture))
         (layer (first-layer image)))
    (check-missing plug-in-pentimento-generate image layer)
    (check-missing plug-in-pentimento-reimagine image layer)
    (check-missing plug-in-pentimento-fill image layer)
    (check-missing plug-in-pentimento-edit image layer)
    (check-missing plug-in-pentimento-expand image layer #:left 20)))

(test "so it is by a preset without a prompt, which chooses the model too"
  (let ((image (new-rgb-picture)))
    (check-refused-call folder image
      (plug-in-pentimento-expand #:run-mode RUN-NONINTERACTIVE #:image image
                                 #:drawables (vector (first-layer image))
                                 #:left 8 #:preset "misty-morning"))))

(test "a preset that there is not names one that there is"
  (let ((image (new-rgb-picture)))
    (check-refused-call "film-look" image
      (plug-in-pentimento-expand #:run-mode RUN-NONINTERACTIVE #:image image
                                 #:drawables (vector (first-layer image))
                                 #:model "patch-fill" #:left 8
                                 #:preset "film-lok"))))

(test "Repeat tells it, too"
  (let* ((image (new-selected-picture))
         (layer (first-layer image)))
    (check-refused-call folder image
      (plug-in-pentimento-generate #:run-mode RUN-WITH-LAST-VALS
                                   #:image image
                                   #:drawables (vector layer)))))

(test "expand without a prompt needs none"
  (let* ((image (new-rgb-picture))
         (new (vector->list (one
           (plug-in-pentimento-expand #:run-mode RUN-NONINTERACTIVE
                                      #:image image
                                      #:drawables
                                      (vector (first-layer image))
                                      #:left 8)))))
    (check "model"
           (contains? (caddr (recipe-of (car new))) "\"patch-fill\""))))

(test "expand: a setting of checkpoints without a prompt names both"
  (let ((image (new-rgb-picture)))
    (check-refused-call "patch-fill" image
      (plug-in-pentimento-expand #:run-mode RUN-NONINTERACTIVE #:image image
                                 #:drawables (vector (first-layer image))
                                 #:left 8 #:steps 4))
    (check-refused-call "steps" image
      (plug-in-pentimento-expand #:run-mode RUN-NONINTERACTIVE #:image image
                                 #:drawables (vector (first-layer image))
                                 #:left 8 #:steps 4))))

(test "a file that is not there, and one that is no checkpoint"
  (let ((image (new-rgb-picture))
        (junk (string-append work-dir "/junk.safetensors"))
        (port (open-output-file (string-append work-dir
                                               "/junk.safetensors"))))
    (display "this is not a checkpoint" port)
    (close-output-port port)
    (check-refused-call "none.safetensors" image
      (plug-in-pentimento-generate #:run-mode RUN-NONINTERACTIVE
                                   #:image image #:drawables (vector)
                                   #:prompt "x"
                                   #:model "/nowhere/none.safetensors"))
    (check-refused-call "junk.safetensors" image
      (plug-in-pentimento-generate #:run-mode RUN-NONINTERACTIVE
                                   #:image image #:drawables (vector)
                                   #:prompt "x" #:model junk))))
