; SPDX-License-Identifier: LGPL-3.0-or-later
; test-remote.scm: models that services run, against a server that plays them.
; needs the mock server

(load (string-append test-dir "/mock.scm"))

(define-macro (generate image . arguments)
  `(vector->list (one
     (plug-in-pentimento-generate #:run-mode RUN-NONINTERACTIVE #:image ,image
                                  #:drawables #() #:prompt "a red boat"
                                  ,@arguments))))
(define-macro (run procedure image . arguments)
  `(vector->list (one
     (,procedure #:run-mode RUN-NONINTERACTIVE #:image ,image
                 #:drawables (vector (car (reverse (layers-of ,image))))
                 ,@arguments))))

(define (check-generated image model . rest)
  (let ((new (if (null? rest)
                 (generate image #:model model #:seed 7)
                 (generate image #:model model #:seed 7
                           #:provider (car rest)))))
    (check-equal "number of layers" (length new) 1)
    (check-equal "the new layer is on top" (car (layers-of image)) (car new))
    (check "recipe" (contains? (caddr (recipe-of (car new))) model))
    (check-clean)))

(test "generate at fal"
  (mock-reset)
  (check-generated (new-rgb-picture) "flux_schnell" "fal")
  ; Its own four steps, not the argument's default for checkpoints.
  (check "steps" (contains? (mock-requests) "\"num_inference_steps\": 4")))

(test "generate at ComfyUI"
  (mock-reset)
  (check-generated (new-rgb-picture) "comfyui"))

(test "generate at AUTOMATIC1111"
  (mock-reset)
  (check-generated (new-rgb-picture) "sdapi"))

(test "three candidates come in a group"
  (mock-reset)
  (let* ((image (new-rgb-picture))
         (new (generate image #:model "flux_schnell" #:provider "fal"
                        #:count 3)))
    (check-equal "number of layers" (length new) 3)
    (check "is a group" (one (gimp-item-is-group (parent-of (car new)))))))

(define (check-fill model)
  (mock-reset)
  (let* ((image (new-rgb-picture))
         (before (one (gimp-image-duplicate image)))
         (selected (select-rectangle image 40 30 20 16))
         (new (run plug-in-pentimento-fill image #:model model
                   #:prompt "a red jacket" #:seed 7)))
    (check "has a layer mask" (>= (mask-of (car new)) 0))
    (check-only-inside-changed before image 0 0)
    (check-clean)))

(test "fill at fal: outside the mask nothing changes, bit for bit"
  (check-fill "fal-flux-lora-fill"))

(test "fill at AUTOMATIC1111 does, too"
  (check-fill "sdapi"))

(test "edit with a reference picture from another image"
  (mock-reset)
  (let* ((other (new-rgb-picture))
         (image (new-rgb-picture))
         (source (hash-of (first-layer image)))
         (new (run plug-in-pentimento-edit image #:model "nano_banana_edit"
                   #:provider "jobs" #:prompt "make it red"
                   #:references (vector (first-layer other)))))
    (check-equal "number of layers" (length new) 1)
    (check-equal "source pixels" (hash-of (cadr (layers-of image))) source)
    (check-clean)))

(test "a mask is no reference picture"
  (mock-reset)
  (let* ((image (new-rgb-picture))
         (selection (one (gimp-image-get-selection image))))
    (check-refused-call "references" image
      (run plug-in-pentimento-edit image #:model "nano_banana_edit"
           #:prompt "make it red" #:references (vector selection)))))

(test "upscale with topaz doubles the image"
  (mock-reset)
  (let* ((image (new-rgb-picture))
         (new (run plug-in-pentimento-upscale image
                   #:model "topaz_upscale_image" #:factor 2)))
    (check-equal "size" (size-of-image image) '(192 160))
    (check-equal "place" (rectangle-of (car new)) '(0 0 192 160))
    (check-clean)))

(test "no credits: a sentence, and the image is as before"
  (mock-reset)
  (mock-script "{\"service\": \"fal\", \"fault\": {\"error_class\": \"credits\"}}")
  (let ((image (new-rgb-picture)))
    (check-refused-call "credit" image
      (generate image #:model "flux_schnell" #:provider "fal"))))

(test "more than the limit is refused, and nothing is sent"
  (mock-reset)
  (let ((image (new-rgb-picture)))
    (check-refused-call "" image
      (generate image #:model "flux_schnell" #:provider "fal" #:count 4
                #:max-cost 0.001))
    (check-empty "requests")))

(test "an unknown service is refused"
  (mock-reset)
  (let ((image (new-rgb-picture)))
    (check-refused-call "no-such" image
      (generate image #:model "flux_schnell" #:provider "no-such"))
    (check-empty "requests")))

(define (resume image . run)
  (vector->list (one
    (plug-in-pentimento-resume #:run-mode RUN-NONINTERACTIVE #:image image
                               #:drawables (list->vector (layers-of image))
                               #:run (if (null? run) "" (car run))))))

(test "without an interrupted run there is nothing to fetch"
  (let ((image (new-rgb-picture)))
    (check-refused-call "no interrupted run" image (resume image))))

(test "a run whose connection was lost is fetched, and not sent again"
  (mock-reset)
  (mock-script "{\"service\": \"fal\", \"match\": {\"step\": \"file\"},"
               " \"times\": -1, \"fault\": \"drop\"}")
  (let ((image (new-rgb-picture)))
    (check-fails-with "Fetch Interrupted Run"
      (generate image #:model "flux_schnell" #:provider "fal" #:seed 7))
    (check-equal "layers" (count-layers image) 1)
    (ask "post clear-scripts {}")
    (check-fails-with "no-such-run" (resume image "no-such-run"))
    (let ((charges (ask "get charges"))
          (new (resume image)))
      (check-equal "number of layers" (length new) 1)
      (check-equal "charges" (ask "get charges") charges)
      (check-fails-with "no interrupted run" (resume image)))))

(test "the settings need a dialog"
  (check-fails-with "RUN-INTERACTIVE"
    (plug-in-pentimento-settings #:run-mode RUN-NONINTERACTIVE)))
