; SPDX-License-Identifier: LGPL-3.0-or-later
; test-prompt-refused.scm: wrong calls of the operations with a prompt, cancel
; and kill, on tiny checkpoints.

(define-macro (check-refused part procedure image layers model . arguments)
  `(check-refused-call ,part ,image
     (call-prompted ,procedure image ,layers ,model ,@arguments)))

; What a program is told: status and message.
(define (call procedure image layer model prompt)
  (test-pentimento-call #:proc-name procedure #:mode RUN-NONINTERACTIVE
                        #:image image #:drawable layer #:model model
                        #:prompt prompt))

(test-golden "a missing prompt is a calling error that names it"
  (let* ((image (new-rgb-picture))
         (generated (call "plug-in-pentimento-generate" image
                          (first-layer image) generator ""))
         (edited (call "plug-in-pentimento-edit" image (first-layer image)
                       editor "")))
    (check-equal "generate" (car generated) PDB-CALLING-ERROR)
    (check "names it" (contains? (cadr generated) "prompt"))
    (check-equal "edit" (car edited) PDB-CALLING-ERROR)
    (check "names it" (contains? (cadr edited) "prompt"))))

(test-golden "a prompt of 100,000 characters, and one from right to left"
  (let ((image (new-rgb-picture)))
    (check-refused "at most 10000" plug-in-pentimento-generate image '()
                   generator #:prompt (make-string 100000 #\a))
    (check-equal "one layer" 1
      (length (call-prompted plug-in-pentimento-generate image '() generator
                             #:prompt "חתול על גג, (אור בוקר:1.2)"
                             #:width 64 #:height 64)))))

(test-golden "fill without a selection"
  (let ((image (new-rgb-picture)))
    (check-refused "Nothing is selected" plug-in-pentimento-fill image
                   (layers-of image) inpainter #:prompt "x")))

(test-golden "values out of range, and choices that are none"
  (let ((image (new-rgb-picture)))
    (check-refused "strength" plug-in-pentimento-reimagine image
                   (layers-of image) generator #:prompt "x" #:strength 2)
    (check-refused "sampler" plug-in-pentimento-generate image '() generator
                   #:prompt "x" #:sampler "magic")
    (check-refused "cfg" plug-in-pentimento-generate image '() generator
                   #:prompt "x" #:cfg 99 #:count 9)
    (check-refused "count" plug-in-pentimento-generate image '() generator
                   #:prompt "x" #:cfg 99 #:count 9)
    (check-refused "aspect" plug-in-pentimento-generate image '() generator
                   #:prompt "x" #:aspect "wide")))

(test-golden "a checkpoint that can't do it is named"
  (let ((image (new-rgb-picture)))
    (check-refused "sd15_tiny" plug-in-pentimento-edit image (layers-of image)
                   generator #:prompt "x")
    (check-refused "sd15_ip2p_tiny" plug-in-pentimento-generate image '()
                   editor #:prompt "x")))

(test-golden "a LoRA that is not there is named"
  (let ((image (new-rgb-picture)))
    (check-refused "film-look" plug-in-pentimento-generate image '() generator
                   #:prompt "x" #:lora "film-look:0.8")))

(test-golden "indexed pictures, masks and locked groups are refused"
  (let* ((image (new-rgb-picture))
         (locked (new-rgb-picture))
         (group (one (gimp-group-layer-new locked "shelf")))
         (inner (one (gimp-layer-new locked "inner" 20 20 RGB-IMAGE 100
                                     LAYER-MODE-NORMAL))))
    (gimp-image-convert-indexed image CONVERT-DITHER-NONE
                                CONVERT-PALETTE-GENERATE 16 FALSE FALSE "")
    (check-refused "Image > Mode > RGB" plug-in-pentimento-generate image '()
                   generator #:prompt "x")
    (check-refused "Image > Mode > RGB" plug-in-pentimento-reimagine image
                   (layers-of image) generator #:prompt "x")
    (gimp-image-insert-layer locked group 0 0)
    (gimp-image-insert-layer locked inner group 0)
    (gimp-item-set-lock-content group TRUE)
    (check-refused "shelf" plug-in-pentimento-generate locked (list inner)
                   generator #:prompt "x")))

(define (new-large-picture)
  (let ((image (new-image 512 512 RGB PRECISION-U8-NON-LINEAR)))
    (add-layer image "picture" 512 512 RGB-IMAGE 0 0)
    (select-rectangle image 100 100 300 300)
    image))

(define (stop procedure image signal model delay)
  (test-pentimento-cancel #:proc-name procedure #:image image
                          #:drawable (first-layer image) #:signal signal
                          #:argument "steps" #:value 150 #:delay delay
                          #:model model #:prompt "a red jacket"))

; DELAY: milliseconds after the work has begun.
(define (check-cancelled procedure model delay)
  (let* ((image (new-large-picture))
         (x (gimp-image-clean-all image))
         (before (state-of image))
         (outcome (stop procedure image SIGINT model delay)))
    (tap-line "# " procedure ": cancelled in " (cadr outcome) " s")
    (check "was cancelled while it ran" (>= (cadr outcome) 0))
    (check-cancelled-soon outcome)
    (check-equal "status" (car outcome) PDB-CANCEL)
    (check-equal "state of the image" (state-of image) before)))

(test-golden "generate is cancelled within a second, and leaves no layer"
  (check-cancelled "plug-in-pentimento-generate" generator 50))
(test-golden "reimagine is cancelled within a second, and leaves no layer"
  (check-cancelled "plug-in-pentimento-reimagine" generator 50))
(test-golden "fill is cancelled within a second, and leaves no layer"
  (check-cancelled "plug-in-pentimento-fill" inpainter 50))
(test-golden "edit is cancelled within a second, and leaves no layer"
  (check-cancelled "plug-in-pentimento-edit" editor 50))

(test-golden "so is one that has made its first steps"
  (check-cancelled "plug-in-pentimento-generate" generator 4000)
  (check-cancelled "plug-in-pentimento-fill" generator 3000)
  (check-cancelled "plug-in-pentimento-edit" editor 5000))

(test-golden "a run that is killed changes nothing"
  (let* ((image (new-large-picture))
         (x (gimp-image-clean-all image))
         (before (state-of image))
         (outcome (stop "plug-in-pentimento-generate" image SIGKILL
                        generator 1000)))
    (check "was killed while it ran" (>= (cadr outcome) 0))
    (check "no success" (not (= (car outcome) PDB-SUCCESS)))
    (check-equal "state of the image" (state-of image) before)))
