; SPDX-License-Identifier: LGPL-3.0-or-later
; test-generate.scm: plug-in-pentimento-generate on a tiny checkpoint.

(define-macro (generate image . arguments)
  `(call-prompted plug-in-pentimento-generate ,image '() generator
                  #:prompt "a red jacket" ,@arguments))

(test-golden "an image without layers gets one of its size"
  (let* ((image (new-image 96 80 RGB PRECISION-U8-NON-LINEAR))
         (new (generate image #:seed 7)))
    (check-equal "layers" (layers-of image) new)
    (check-equal "place" (rectangle-of (car new)) '(0 0 96 80))
    (check-equal "canvas" (size-of-image image) '(96 80))
    (check-equal "name" (name-of (car new)) "Generate")
    (check "no layer mask" (< (mask-of (car new)) 0))))

(test-golden "the result goes above the layer, which stays as it is"
  (let* ((image (new-rgb-picture))
         (source (first-layer image))
         (top (add-layer image "top" 20 20 RGB-IMAGE 0 0))
         (before (map hash-of (list top source)))
         (new (call-prompted plug-in-pentimento-generate image (list source)
                             generator #:prompt "a red jacket")))
    (check-equal "layers" (layers-of image) (list top (car new) source))
    (check-equal "selected layers"
                 (vector->list (one (gimp-image-get-selected-layers image)))
                 new)
    (check-equal "pixels" (map hash-of (list top source)) before)))

(test-golden "above a group, and on top when a channel is selected"
  (let* ((image (new-rgb-picture))
         (source (first-layer image))
         (group (one (gimp-group-layer-new image "group")))
         (channel (one (gimp-channel-new image "channel" 96 80 50 '(0 0 0)))))
    (gimp-image-insert-layer image group 0 1)
    (gimp-image-insert-channel image channel 0 0)
    (let* ((new (car (call-prompted plug-in-pentimento-generate image
                                    (list group) generator #:prompt "x")))
           (other (car (call-prompted plug-in-pentimento-generate image
                                      (list channel) generator
                                      #:prompt "x"))))
      (check-equal "layers" (layers-of image)
                   (list other source new group)))))

(test-golden "the size follows from the selection"
  (let* ((image (new-rgb-picture))
         (selected (select-rectangle image 16 8 40 24))
         (new (generate image)))
    (check-equal "place" (rectangle-of (car new)) '(16 8 40 24))))

(test-golden "the size follows from width and height, and from the aspect"
  (let* ((image (new-rgb-picture))
         (sized (generate image #:width 72 #:height 48))
         (wide (generate image #:aspect "2:1" #:width 64)))
    (check-equal "width and height" (cddr (rectangle-of (car sized))) '(72 48))
    (check-equal "aspect" (cddr (rectangle-of (car wide))) '(64 32))
    (check-equal "canvas" (size-of-image image) '(96 80))))

(define (hash-of-seed seed)
  (let* ((image (new-image 64 64 RGB PRECISION-U8-NON-LINEAR)))
    (hash-of (car (generate image #:seed seed)))))

(test-golden "same seed, same pixels; another seed, others"
  (let ((first (hash-of-seed 3)))
    (check-equal "pixels" (hash-of-seed 3) first)
    (check "another seed" (not (equal? (hash-of-seed 4) first)))))

(test-golden "candidates come in a group, with the seeds that follow"
  (let* ((image (new-rgb-picture))
         (source (first-layer image))
         (new (call-prompted plug-in-pentimento-generate image (list source)
                             generator #:prompt "a red jacket" #:count 3
                             #:seed 4294967295 #:width 64 #:height 64))
         (group (parent-of (car new))))
    (check-equal "number" (length new) 3)
    (check-equal "top level" (layers-of image) (list group source))
    (check-equal "group's name" (name-of group) "Generate")
    (check-equal "children"
                 (vector->list (one (gimp-item-get-children group))) new)
    (check "seed of the first"
           (contains? (caddr (recipe-of (car new))) "\"seed\":4294967295"))
    (check "seed of the second"
           (contains? (caddr (recipe-of (cadr new))) "\"seed\":0"))
    (check "seed of the third"
           (contains? (caddr (recipe-of (caddr new))) "\"seed\":1"))
    (check "the first is what its seed makes alone"
           (equal? (hash-of (car new)) (hash-of-seed 4294967295)))
    (check "the third is what its seed makes alone"
           (equal? (hash-of (caddr new)) (hash-of-seed 1)))))

(test-golden "the recipe keeps prompts of several lines and other scripts"
  (let* ((image (new-image 64 64 RGB PRECISION-U8-NON-LINEAR))
         (new (call-prompted plug-in-pentimento-generate image '() generator
                #:prompt "ein (Hügel:1.1),\n\"日本\" \\ 😀"
                #:negative-prompt "trüb\nblurry" #:seed 5 #:cfg 3.5
                #:sampler "dpmpp-2m" #:schedule "karras"))
         (recipe (caddr (recipe-of (car new)))))
    (check "operation" (contains? recipe "\"operation\":\"generate\""))
    (check "prompt"
           (contains? recipe "ein (Hügel:1.1),\\n\\\"日本\\\" \\\\ 😀"))
    (check "negative prompt" (contains? recipe "trüb\\nblurry"))
    (check "sampler" (contains? recipe "\"dpmpp-2m\""))
    (check "schedule" (contains? recipe "\"karras\""))
    (check "guidance" (contains? recipe "3.5"))
    (check "steps" (contains? recipe "\"steps\":2"))
    (check "model" (contains? recipe "sd15_tiny"))))

(test-golden "a random seed is written down"
  (let* ((image (new-image 64 64 RGB PRECISION-U8-NON-LINEAR))
         (new (generate image)))
    (check "no -1 in the recipe"
           (not (contains? (caddr (recipe-of (car new))) "\"seed\":-1")))))

(test-golden "gray images get gray layers, deep ones deep layers"
  (let* ((gray (new-image 64 64 GRAY PRECISION-U8-NON-LINEAR))
         (deep (new-image 64 64 RGB PRECISION-U16-NON-LINEAR))
         (float (new-image 64 64 RGB PRECISION-FLOAT-LINEAR)))
    (check-equal "gray" (format-of (car (generate gray))) "Y' u8")
    (check-equal "16 bits" (format-of (car (generate deep))) "R'G'B' u16")
    (check-equal "float" (format-of (car (generate float))) "RGB float")))

(test-golden "a folder of Diffusers, and a checkpoint in the user's folder"
  (let* ((image (new-image 64 64 RGB PRECISION-U8-NON-LINEAR))
         (folder (string-append work-dir "/user/models/checkpoints"))
         (new (call-prompted plug-in-pentimento-generate image '()
                             (checkpoint "sd15_dir") #:prompt "x" #:seed 1)))
    (check-equal "layers" (layers-of image) new)
    (test-pentimento-make-folder #:path folder)
    (test-pentimento-copy
      #:from generator
      #:to (string-append folder "/My tiny one.safetensors"))
    (let* ((usual (call-prompted plug-in-pentimento-generate image '() ""
                                 #:prompt "x" #:seed 1))
           (named (call-prompted plug-in-pentimento-generate image '()
                                 "checkpoint-my-tiny-one"
                                 #:prompt "x" #:seed 1)))
      (check "model"
             (contains? (caddr (recipe-of (car usual)))
                        "\"model\":\"checkpoint-my-tiny-one\""))
      (check-equal "the same" (hash-of (car named)) (hash-of (car usual))))))

(test-golden "Repeat makes another one with the values of the last dialog"
  (let* ((image (new-image 64 64 RGB PRECISION-U8-NON-LINEAR)))
    (check-refused-call "prompt" image
      (plug-in-pentimento-generate #:run-mode RUN-WITH-LAST-VALS
                                   #:image image #:drawables (vector)))))
