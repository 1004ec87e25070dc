; SPDX-License-Identifier: LGPL-3.0-or-later
; test-estimate.scm: plug-in-pentimento-estimate: what it tells is what a run
; makes; what is refused.
; needs the mock server

(load (string-append test-dir "/mock.scm"))

(define (estimate-in mode image layers operation settings)
  (plug-in-pentimento-estimate #:run-mode mode #:image image
                               #:drawables (list->vector layers)
                               #:operation operation #:settings settings))

(define (estimate image layers operation settings)
  (estimate-in RUN-NONINTERACTIVE image layers operation settings))

; What it tells, with names.
(define (text-told told) (list-ref told 0))
(define (problems-told told) (list-ref told 1))
(define (cost-told told) (list-ref told 2))
(define (unit-told told) (list-ref told 3))
(define (seconds-told told) (list-ref told 4))
(define (megabytes-told told) (list-ref told 5))
(define (count-told told) (list-ref told 6))
(define (size-told told) (list (list-ref told 7) (list-ref told 8)))
(define (image-size-told told) (list (list-ref told 9) (list-ref told 10)))
(define (model-told told) (list-ref told 11))
(define (service-told told) (list-ref told 12))

(define history-folder (string-append work-dir "/user/history"))

(define-macro (run procedure image . arguments)
  `(vector->list (one
     (,procedure #:run-mode RUN-NONINTERACTIVE #:image ,image
                 #:drawables (vector (first-layer ,image)) ,@arguments))))

; A JSON string, such as a file's name.
(define (quoted text)
  (string-append "\"" text "\""))

; With the settings of a tiny checkpoint beside others.
(define (tiny model . settings)
  (apply string-append "{\"model\": " (quoted model)
         ", \"steps\": 2, \"model-size\": 64, \"prompt\": \"a red jacket\""
         (append settings '("}"))))

; What was told is what was made, and it can be run for nothing.
(define (check-told told new image)
  (check-equal "problems" (problems-told told) '())
  (check-equal "count" (count-told told) (length new))
  (check-equal "size" (size-told told) (cddr (rectangle-of (car new))))
  (check-equal "size of the image" (image-size-told told)
               (size-of-image image))
  (check "costs nothing" (= (cost-told told) 0))
  (check-equal "unit" (unit-told told) "")
  (check-equal "service" (service-told told) "")
  (check "the recipe names the model"
         (contains? (caddr (recipe-of (car new))) (quoted (model-told told))))
  (check "seconds" (>= (seconds-told told) 0))
  (check "megabytes" (> (megabytes-told told) 0))
  (check "sentences" (contains? (text-told told) "Makes ")))

; ------------------------------------------------ nothing but an answer --

(test "the image, its undo steps and the history stay as they are"
  (let* ((image (new-rgb-picture))
         (layers (layers-of image))
         (selected (select-rectangle image 40 30 20 16)))
    (gimp-image-clean-all image)
    (let ((before (state-of image)))
      (estimate image layers "remove" "")
      (estimate image layers "expand" "{\"right\": 20}")
      (estimate image layers "upscale" "{\"factor\": 2}")
      (estimate image layers "select-subject" "{}")
      (check-equal "state of the image" (state-of image) before)
      (check "no history" (not (file-exists? history-folder))))))

(test "in every run mode the arguments count, and no window is asked for"
  (let* ((image (new-rgb-picture))
         (layers (layers-of image))
         (other (estimate-in RUN-INTERACTIVE image layers "expand"
                             "{\"right\": 9}"))
         (answer (estimate image layers "enhance" "{\"denoise\": 0.4}")))
    (for-each
      (lambda (mode)
        (check-equal "answer"
                     (estimate-in mode image layers "enhance"
                                  "{\"denoise\": 0.4}")
                     answer))
      (list RUN-INTERACTIVE RUN-WITH-LAST-VALS))))

; ------------------------------------------------------- on this computer --

(test "remove"
  (let* ((image (new-rgb-picture))
         (selected (select-rectangle image 40 30 20 16))
         (told (estimate image (layers-of image) "remove" "{\"seed\": 7}")))
    (check-equal "model" (model-told told) "patch-fill")
    (check-told told (remove-from image (first-layer image)) image)))

(test "expand: the image grows"
  (let* ((image (new-rgb-picture))
         (told (estimate image (layers-of image) "expand"
                         "{\"right\": 20, \"bottom\": 7}"))
         (new (run plug-in-pentimento-expand image #:right 20 #:bottom 7)))
    (check-equal "count" (count-told told) (length new))
    (check-equal "size of the image" (image-size-told told) '(116 87))
    (check-equal "it is" (size-of-image image) '(116 87))
    (check "a sentence" (contains? (text-told told) "116 × 87"))))

(test "enhance: the layer, and what is selected of it"
  (let* ((image (new-rgb-picture))
         (whole (estimate image (layers-of image) "enhance"
                          "{\"denoise\": 0.4}")))
    (check-told whole (enhance image (first-layer image)) image))
  (let* ((image (new-image 400 300 RGB PRECISION-U8-NON-LINEAR))
         (layer (add-layer image "picture" 400 300 RGB-IMAGE 0 0))
         (selected (select-rectangle image 10 10 20 16))
         (told (estimate image (list layer) "enhance" "{\"denoise\": 0.4}")))
    (check-told told (enhance image layer) image)))

(test "upscale: the image, or the layer alone"
  (let* ((image (new-rgb-picture))
         (told (estimate image (layers-of image) "upscale"
                         "{\"factor\": 3}"))
         (new (run plug-in-pentimento-upscale image #:factor 3)))
    (check-told told new image)
    (check-equal "size" (size-told told) '(288 240))
    (check "a sentence" (contains? (text-told told) "96 × 80 → 288 × 240")))
  (let* ((image (new-rgb-picture))
         (told (estimate image (layers-of image) "upscale"
                         "{\"target\": \"layer\"}"))
         (new (run plug-in-pentimento-upscale image #:target "layer")))
    (check-told told new image)))

(test "select-subject makes no layer"
  (let* ((image (new-rgb-picture))
         (selected (select-rectangle image 40 30 20 16))
         (told (estimate image (layers-of image) "select-subject" "")))
    (check-equal "count" (count-told told) 0)
    (check "a sentence" (contains? (text-told told) "Changes the selection"))))

(test-golden "generate: candidates of a size"
  (let* ((image (new-rgb-picture))
         (told (estimate image '() "generate"
                         (tiny generator ", \"count\": 3, \"width\": 72, "
                               "\"height\": 48, \"seed\": 4294967295")))
         (new (call-prompted plug-in-pentimento-generate image '() generator
                             #:prompt "a red jacket" #:count 3 #:width 72
                             #:height 48)))
    (check-told told new image)
    (check-equal "size" (size-told told) '(72 48))
    (check "number" (contains? (text-told told) "Makes 3 candidates."))
    (check "steps" (contains? (text-told told) "2 steps"))))

(test-golden "fill: what is selected, and a note about the prompt"
  (let* ((image (new-rgb-picture))
         (selected (select-rectangle image 40 30 20 16))
         (told (estimate image (layers-of image) "fill" (tiny inpainter)))
         (noted (estimate image (layers-of image) "fill"
                          (string-append "{\"model\": " (quoted inpainter)
                                         ", \"prompt\": \"x --tile\"}")))
         (new (call-prompted plug-in-pentimento-fill image
                             (list (first-layer image)) inpainter
                             #:prompt "a red jacket")))
    (check-told told new image)
    (check "the note" (contains? (text-told noted) "--tile"))))

; ---------------------------------------------------- what would stop it --

(define (check-problem told part)
  (check "there is a problem" (pair? (problems-told told)))
  (check (string-append "it says: " part)
         (contains? (car (problems-told told)) part))
  (check "the text says it, too" (contains? (text-told told) part)))

(test "nothing is selected: the sentence of the run, and no numbers"
  (let* ((image (new-rgb-picture))
         (layer (first-layer image))
         (told (estimate image (list layer) "remove" "")))
    (check-problem told "Nothing is selected.")
    (check-failure (car (problems-told told))
                   (failure-of (remove-from image layer)))
    (check-equal "problems" (length (problems-told told)) 1)
    (check "cost" (= (cost-told told) -1))
    (check "seconds" (= (seconds-told told) -1))
    (check "megabytes" (= (megabytes-told told) -1))
    (check-equal "size" (size-told told) '(0 0))
    (check-equal "size of the image" (image-size-told told) '(0 0))
    (check-equal "count" (count-told told) 0)
    (check-equal "model" (model-told told) "patch-fill")))

(test "no checkpoint, an unknown model, a model for something else"
  (let* ((image (new-rgb-picture))
         (layers (layers-of image)))
    (check-problem (estimate image '() "generate" "{\"prompt\": \"x\"}")
                   "No model for")
    (check-problem (estimate image layers "upscale"
                             "{\"model\": \"no-such-model\"}")
                   "no-such-model")
    (check-problem (estimate image layers "upscale"
                             "{\"model\": \"patch-fill\"}")
                   "patch-fill")))

(test "a group, and a selection outside the layer"
  (let* ((image (new-rgb-picture))
         (layer (add-layer image "small" 20 20 RGB-IMAGE 0 0))
         (group (one (gimp-group-layer-new image "group")))
         (selected (select-rectangle image 50 50 10 10)))
    (gimp-image-insert-layer image group 0 0)
    (check-problem (estimate image (list group) "remove" "") "layer group")
    (check-problem (estimate image (list layer) "remove" "")
                   "outside the layer")))

(test "another layer would be larger than GIMP allows: with the sizes"
  (let* ((image (new-rgb-picture))
         (source (first-layer image))
         (long (add-layer image "long one" 200000 1 RGB-IMAGE 0 0))
         (told (estimate image (list source) "upscale" "{\"factor\": 3}")))
    (check-problem told "long one")
    (check-equal "size" (size-told told) '(288 240))
    (check "only that" (not (contains? (text-told told) "Makes")))))

; --------------------------------------------------------- wrong arguments --

; A calling error that says PART.
(define (check-wrong part operation settings)
  (let* ((image (new-rgb-picture))
         (selected (select-rectangle image 40 30 20 16))
         (failure (failure-of (estimate image (layers-of image) operation
                                        settings))))
    (check-failure part failure)
    (check-failure "invalid input arguments" failure)))

(test "an unknown operation, and none, tell which there are"
  (check-wrong "“paint”" "paint" "{}")
  (check-wrong "select-subject" "paint" "{}")
  (check-wrong "“operation”" "" "{}"))

(test "an unknown name tells which there are; the image is none of them"
  (check-wrong "“promt”" "generate" "{\"promt\": \"x\"}")
  (check-wrong "negative-prompt" "generate" "{\"promt\": \"x\"}")
  (check-wrong "“factor”" "remove" "{\"factor\": 2}")
  (check-wrong "“image”" "remove" "{\"image\": 1}")
  (check-wrong "“run-mode”" "remove" "{\"run-mode\": 1}")
  (check-wrong "“drawables”" "remove" "{\"drawables\": []}"))

(test "a wrong type names the argument, the value and what it must be"
  (check-wrong "“count” in “settings” is \\\"two\\\"" "remove"
               "{\"count\": \"two\"}")
  (check-wrong "a whole number" "remove" "{\"count\": 1.5}")
  (check-wrong "a whole number" "remove" "{\"count\": 3000000000}")
  (check-wrong "a number" "enhance" "{\"denoise\": true}")
  (check-wrong "true or false" "upscale" "{\"crop-to-fill\": 1}")
  (check-wrong "a text" "generate" "{\"prompt\": [\"x\"]}")
  (check-wrong "a text" "remove" "{\"model\": null}")
  (check-wrong "“model” in “settings” is {" "remove" "{\"model\": {}}"))

(test "a value out of range names the argument and the range"
  (check-wrong "“count”" "remove" "{\"count\": 0}")
  (check-wrong "seed" "remove" "{\"seed\": 1.5}")
  (check-wrong "factor" "upscale" "{\"factor\": 9}")
  (check-wrong "target" "upscale" "{\"target\": \"canvas\"}")
  (check-wrong "keep-print-size" "upscale" "{\"resolution-mode\": \"print\"}"))

(test "a needed argument that is missing is named"
  (check-wrong "aspect" "expand" "{}"))

(test "what is no JSON object, or not a sound one"
  (check-wrong "“settings”, line 1" "remove" "{\"seed\": }")
  (check-wrong "“settings”, line 1" "remove" "{\"seed\": 1} x")
  (check-wrong "JSON object" "remove" "[1]")
  (check-wrong "JSON object" "remove" "7")
  (check-wrong "“seed” twice" "remove" "{\"seed\": 1, \"seed\": 2}")
  (check-wrong "“settings”" "remove"
               (string-append "{\"model\": " (make-string 40 #\[) "}"))
  (check-wrong "“settings”" "remove" (make-string 1100000 #\space)))

(test "no layer, two layers, a layer of another image, no image"
  (let* ((other (new-rgb-picture))
         (image (new-rgb-picture))
         (layer (first-layer image)))
    (check-refused-call "drawables" image (estimate image '() "remove" ""))
    (check-refused-call "drawables" image
                        (estimate image (list layer layer) "remove" ""))
    (check-refused-call "another picture" image
                        (estimate image (layers-of other) "remove" ""))
    (check-refused-call "“image”" image
                        (estimate -1 (list layer) "remove" ""))))

; ---------------------------------------------------------------- services --

(test "a service: its cost, and nothing is sent"
  (mock-reset)
  (let* ((image (new-rgb-picture))
         (told (estimate image '() "generate"
                         (string-append "{\"prompt\": \"a red boat\", "
                                        "\"model\": \"flux_schnell\", "
                                        "\"provider\": \"fal\", "
                                        "\"count\": 3}"))))
    (check-equal "problems" (problems-told told) '())
    (check "cost" (< (abs (- (cost-told told) 0.015)) 1e-9))
    (check-equal "unit" (unit-told told) "USD")
    (check-equal "model" (model-told told) "flux_schnell")
    (check-equal "service" (service-told told) "fal")
    (check-equal "count" (count-told told) 3)
    (check "seconds are not known" (= (seconds-told told) -1))
    (check "a sentence" (contains? (text-told told) "Costs 0.015 USD at"))
    (check-empty "requests")
    (check "nothing is written down"
           (not (file-exists? (string-append history-folder
                                             "/spending.json"))))))

(test "a cost that is not known, and a server of one's own"
  (mock-reset)
  (let* ((image (new-rgb-picture))
         (selected (select-rectangle image 40 30 20 16))
         (unknown (estimate image (layers-of image) "fill"
                            (string-append
                              "{\"prompt\": \"a red boat\", "
                              "\"model\": \"fal-flux-lora-fill\"}")))
         (own (estimate image '() "generate"
                        (string-append "{\"prompt\": \"a red boat\", "
                                       "\"model\": \"comfyui\"}"))))
    (check-equal "problems" (problems-told unknown) '())
    (check "cost" (= (cost-told unknown) -1))
    (check "a sentence" (contains? (text-told unknown) "is not known"))
    (check-equal "service" (service-told unknown) "fal")
    (check "its cost" (= (cost-told own) 0))
    (check-equal "its service" (service-told own) "comfyui")
    (check-empty "requests")))

(test "more than the limit is a problem, with the cost"
  (mock-reset)
  (let* ((image (new-rgb-picture))
         (told (estimate image '() "generate"
                         (string-append "{\"prompt\": \"a red boat\", "
                                        "\"model\": \"flux_schnell\", "
                                        "\"provider\": \"fal\", "
                                        "\"count\": 4, "
                                        "\"max-cost\": 0.001}"))))
    (check-problem told "“max-cost”")
    (check "cost" (< (abs (- (cost-told told) 0.02)) 1e-9))
    (check-equal "count" (count-told told) 4)
    (check-empty "requests")))

(test "a service without a key is a problem, an unknown one is wrong"
  (mock-reset)
  (let ((image (new-rgb-picture)))
    (check-problem (estimate image '() "generate"
                             (string-append "{\"prompt\": \"a red boat\", "
                                            "\"model\": \"gpt-image\"}"))
                   "key")
    (check-refused-call "no-such" image
      (estimate image '() "generate"
                (string-append "{\"prompt\": \"a red boat\", "
                               "\"model\": \"flux_schnell\", "
                               "\"provider\": \"no-such\"}")))
    (check-empty "requests")))

(test "references are the numbers of layers"
  (mock-reset)
  (let* ((other (new-rgb-picture))
         (image (new-rgb-picture))
         (layers (layers-of image))
         (settings (lambda (value)
                     (string-append
                       "{\"prompt\": \"make it red\", "
                       "\"provider\": \"jobs\", "
                       "\"model\": \"nano_banana_edit\", "
                       "\"references\": " value "}")))
         (told (estimate image layers "edit"
                         (settings
                           (string-append
                             "["
                             (number->string (first-layer other))
                             "]")))))
    (check-equal "problems" (problems-told told) '())
    (check "cost" (= (cost-told told) 30))
    (check-equal "unit" (unit-told told) "credits")
    (check-refused-call "number of a layer" image
      (estimate image layers "edit" (settings "[99999]")))
    (check-refused-call "number of a layer" image
      (estimate image layers "edit" (settings "[\"x\"]")))
    (check-refused-call "a list" image
      (estimate image layers "edit" (settings "7")))
    (check-refused-call "no layer with a picture" image
      (estimate image layers "edit"
                (settings
                  (string-append
                    "["
                    (number->string (one (gimp-image-get-selection image)))
                    "]"))))
    (check-empty "requests")))
