; SPDX-License-Identifier: LGPL-3.0-or-later
; prompts.scm: the dialogs of the operations that take a prompt; prompts-keys.sh
; presses the keys.

(define (step name)
  (test-pentimento-touch #:path (string-append work-dir "/" name)))
(define (await name)
  (test-pentimento-wait #:path (string-append work-dir "/" name)))

; What stands behind KEY in a recipe, up to the next comma.
(define (value-of key recipe)
  (let ((n (string-length key)))
    (let find ((i 0))
      (if (string=? (substring recipe i (+ i n)) key)
          (let end ((j (+ i n)))
            (if (memv (string-ref recipe j) '(#\, #\}))
                (substring recipe (+ i n) j)
                (end (+ j 1))))
          (find (+ i 1))))))
(define (seed-of layer)
  (value-of "\"seed\"" (caddr (recipe-of layer))))
(define seed-kept "")

(define-macro (ask procedure)
  `(vector->list (one
     (,procedure #:run-mode RUN-INTERACTIVE #:image image
                 #:drawables (vector source)))))

; The picture of all steps.
(define image (new-image 300 240 RGB PRECISION-U8-NON-LINEAR))
(define source (add-layer image "picture" 300 240 RGB-IMAGE 0 0))
(define before (hash-of source))
(gimp-image-set-file image (string-append work-dir "/pentimento-prompt.xcf"))
(gimp-image-clean-all image)
(gimp-display-new image)

(define (check-untouched)
  (check-equal "layers" (layers-of image) (list source))
  (check-equal "pixels" (hash-of source) before))

(test-keep "without a checkpoint the dialog says where to put one; no OK"
  (step "generate-none")
  (plug-in-pentimento-generate #:run-mode RUN-INTERACTIVE #:image image
                               #:drawables (vector source))
  (check-untouched))

(test-keep "Expand with a prompt and no checkpoint says so; no OK"
  (step "expand-none")
  (plug-in-pentimento-expand #:run-mode RUN-INTERACTIVE #:image image
                             #:drawables (vector source))
  (check-untouched))

; As test-golden, and the images stay.
(define-macro (keep-golden name . body)
  `(if (string=? golden-dir "")
       (test-golden ,name ,@body)
       (run-body ,name (lambda () ,@body))))

(define (install file name)
  (let ((folder (string-append work-dir "/user/models/checkpoints")))
    (test-pentimento-make-folder #:path folder)
    (test-pentimento-copy #:from (checkpoint file)
                          #:to (string-append folder "/" name))))

(if (not (string=? golden-dir ""))
    (begin
      (install "sd15_tiny.safetensors" "painter.safetensors")
      (install "sd15_ip2p_tiny.safetensors" "editor.safetensors")
      ; Files that are no checkpoints: the dialogs show the first few.
      (for-each (lambda (name)
                  (let ((port (open-output-file
                                (string-append work-dir "/user/models/"
                                               "checkpoints/" name))))
                    (display "junk" port)
                    (close-output-port port)))
                '("x1.safetensors" "x2.ckpt" "x3.safetensors"
                  "x4.safetensors" "x5.safetensors"))
      (step "golden"))
    (step "no-golden"))

(keep-golden "Generate runs what was typed, with its weights"
  (step "generate")
  (let* ((new (ask plug-in-pentimento-generate))
         (recipe (caddr (recipe-of (car new)))))
    (check-equal "layers" (layers-of image) (append new (list source)))
    (check "prompt" (contains? recipe "\"a red (jacket:1.2)\\nin the rain\""))
    (check "negative prompt" (contains? recipe "\"blurry\""))
    (set! seed-kept (seed-of (car new)))
    (check "model" (contains? recipe "checkpoint-painter"))))

(keep-golden "one undo takes it back"
  (step "undo-generate")
  (await "generate-undone")
  (check-untouched))

(keep-golden "Re-show has the prompt typed before; Cancel while it works"
  (step "generate-stop")
  (plug-in-pentimento-generate #:run-mode RUN-INTERACTIVE #:image image
                               #:drawables (vector source))
  (check-untouched))

(keep-golden "Repeat makes another one of the same prompt, with the locked seed"
  (let* ((new (vector->list (one
           (plug-in-pentimento-generate #:run-mode RUN-WITH-LAST-VALS
                                        #:image image
                                        #:drawables (vector source))))))
    (check "prompt" (contains? (caddr (recipe-of (car new)))
                               "\"a red (jacket:1.2)\\nin the rain\""))
    (check-equal "seed" (seed-of (car new)) seed-kept)
    (gimp-image-remove-layer image (car new))))

(keep-golden "Reimagine and Edit open with what they need"
  (step "reimagine")
  (plug-in-pentimento-reimagine #:run-mode RUN-INTERACTIVE #:image image
                                #:drawables (vector source))
  (step "edit")
  (plug-in-pentimento-edit #:run-mode RUN-INTERACTIVE #:image image
                           #:drawables (vector source))
  (check-untouched))

(keep-golden "Fill takes a file that the user chooses"
  (test-pentimento-copy #:from inpainter
                        #:to (string-append work-dir "/elsewhere.safetensors"))
  (select-rectangle image 120 90 40 30)
  (step "fill")
  (let ((new (ask plug-in-pentimento-fill)))
    (check-equal "number of layers" (length new) 2)
    (check "model" (contains? (caddr (recipe-of (car new)))
                              "elsewhere.safetensors"))
    (set! seed-kept (seed-of (car new)))))

(keep-golden "a seed that was rolled and not locked is for one run"
  (let ((new (vector->list (one
           (plug-in-pentimento-fill #:run-mode RUN-WITH-LAST-VALS
                                    #:image image
                                    #:drawables (vector source))))))
    (check-equal "number of layers" (length new) 2)
    (check "another seed"
           (not (string=? (seed-of (car new)) seed-kept)))))
