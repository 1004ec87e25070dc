; SPDX-License-Identifier: LGPL-3.0-or-later
; test-upscalers.scm: networks that the user drops into models/upscalers.

(define folder (string-append work-dir "/user/models/upscalers"))

(define (drop-net shipped name)
  (test-pentimento-make-folder #:path folder)
  (test-pentimento-copy
    #:from (string-append work-dir "/data/nets/" shipped)
    #:to (string-append folder "/" name)))

(define-macro (upscale-with image . arguments)
  `(vector->list
     (one (plug-in-pentimento-upscale #:run-mode RUN-NONINTERACTIVE
                                      #:image ,image
                                      #:drawables
                                      (vector (first-layer ,image))
                                      ,@arguments))))

(test "a network is a model by its file's name"
  (drop-net "upscale-2x.onnx" "My Net.onnx")
  (let* ((image (new-rgb-picture))
         (new (car (upscale-with image #:model "upscaler-my-net"))))
    (check-equal "image" (size-of-image image) '(192 160))
    (check "recipe" (contains? (caddr (recipe-of new)) "upscaler-my-net"))))

(test "what it does not take names parameter and model"
  (let ((image (new-rgb-picture)))
    (check-refused-call "sharpen" image
      (upscale-with image #:model "upscaler-my-net" #:sharpen 0.5))
    (check-refused-call "upscaler-my-net" image
      (upscale-with image #:model "upscaler-my-net" #:sharpen 0.5))))

(test "more than it enlarges is refused"
  (let ((image (new-rgb-picture)))
    (check-refused-call "factor" image
      (upscale-with image #:model "upscaler-my-net" #:factor 4))))

(test "one that keeps the size is a model of enhance"
  (drop-net "restore-1x.onnx" "clean.onnx")
  (let* ((image (new-rgb-picture))
         (source (first-layer image)))
    (plug-in-pentimento-enhance #:run-mode RUN-NONINTERACTIVE #:image image
                                #:drawables (vector source)
                                #:model "upscaler-clean")
    (check-equal "layers" (count-layers image) 2)))

(test "a damaged file leaves the others alone"
  (let ((port (open-output-file (string-append folder "/broken.onnx"))))
    (display "this is no network" port)
    (close-output-port port))
  (let ((image (new-rgb-picture)))
    (upscale-with image #:model "upscaler-my-net")
    (check-equal "image" (size-of-image image) '(192 160))
    (check-refused-call "upscaler-broken" image
      (upscale-with image #:model "upscaler-broken"))))
