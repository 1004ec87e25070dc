; SPDX-License-Identifier: LGPL-3.0-or-later
; generate.scm: pictures by a prompt with the checkpoint that comes with
; Pentimento; demo.scm loads it.

(define (demo-generate prompt seed)
  (let ((image (gimp-image-new 256 256 RGB)))
    (plug-in-pentimento-generate #:run-mode RUN-NONINTERACTIVE
                                 #:image image
                                 #:prompt prompt
                                 #:model "pentimento-micro"
                                 #:seed seed)
    image))

; What a strength of 0.8 keeps of a picture.
(define (demo-reimagine before prompt)
  (let ((image (gimp-image-duplicate before)))
    (plug-in-pentimento-reimagine #:run-mode RUN-NONINTERACTIVE
                                  #:image image
                                  #:drawables (gimp-image-get-layers image)
                                  #:prompt prompt
                                  #:model "pentimento-micro"
                                  #:strength 0.8
                                  #:seed 1)
    (demo-flat image)))

(define (demo-fill before prompt)
  (let ((image (gimp-image-duplicate before)))
    (gimp-image-select-ellipse image CHANNEL-OP-REPLACE 72 72 112 112)
    (plug-in-pentimento-fill #:run-mode RUN-NONINTERACTIVE
                             #:image image
                             #:drawables (gimp-image-get-layers image)
                             #:prompt prompt
                             #:model "pentimento-micro"
                             #:seed 1)
    (demo-flat image)))

(define (demo-edit before instruction)
  (let ((image (gimp-image-duplicate before)))
    (plug-in-pentimento-edit #:run-mode RUN-NONINTERACTIVE
                             #:image image
                             #:drawables (gimp-image-get-layers image)
                             #:prompt instruction
                             #:model "pentimento-micro"
                             #:seed 1)
    (demo-flat image)))

; The panels: (image . name) each.
(define (demo-prompted)
  (let* ((generated (demo-step "Generate by a prompt"
                               (lambda ()
                                 (demo-generate "meadow with hills at sunset"
                                                1))))
         (before (demo-flat generated))
         (fabric (demo-flat (demo-generate "blue fabric" 1)))
         (reimagined (demo-step "Reimagine it"
                                (lambda ()
                                  (demo-reimagine
                                   before "desert under a clear sky"))))
         (filled (demo-step "Fill a selection by a prompt"
                            (lambda ()
                              (demo-fill fabric "a yellow circle"))))
         (edited (demo-step "Edit by an instruction"
                            (lambda ()
                              (demo-edit fabric "make it red")))))
    (list (cons before "Meadow at sunset")
          (cons reimagined "Reimagined: desert")
          (cons fabric "Blue fabric")
          (cons filled "Filled: yellow circle")
          (cons edited "Edited: make it red"))))
