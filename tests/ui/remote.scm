; SPDX-License-Identifier: LGPL-3.0-or-later
; remote.scm: the dialogs with models of services; remote-keys.sh presses the
; keys.
; needs the mock server
; needs keys of services

(define (step name)
  (test-pentimento-touch #:path (string-append work-dir "/" name)))

(define-macro (ask procedure . arguments)
  `(vector->list (one
     (,procedure #:run-mode RUN-INTERACTIVE #:image image
                 #:drawables (vector source) ,@arguments))))

(define image (new-image 300 240 RGB PRECISION-U8-NON-LINEAR))
(define source (add-layer image "picture" 300 240 RGB-IMAGE 0 0))
(gimp-display-new image)
(define other (new-image 64 48 RGB PRECISION-U8-NON-LINEAR))
(define jacket (add-layer other "jacket" 64 48 RGB-IMAGE 0 0))
(gimp-file-save RUN-NONINTERACTIVE other
                (string-append work-dir "/sample.png"))

(test-keep "reference pictures from layers and files go along"
  (let ((images (vector-length (one (gimp-get-images)))))
    (step "references")
    (check-equal "layers" (length (ask plug-in-pentimento-edit
                                       #:model "nano_banana_edit"
                                       #:provider "jobs"
                                       #:prompt "make it red"))
                 1)
    (check-equal "images that are left"
                 (vector-length (one (gimp-get-images))) images)
    (step "references-done")))

(test-keep "the balance of a service is asked for"
  (step "balance")
  (let ((count (count-layers image)))
    (plug-in-pentimento-upscale #:run-mode RUN-INTERACTIVE #:image image
                                #:drawables (vector source)
                                #:model "topaz-labs")
    (check-equal "layers" (count-layers image) count)))

(test-keep "references are hidden for a model that takes none"
  (step "no-references")
  (plug-in-pentimento-generate #:run-mode RUN-INTERACTIVE #:image image
                               #:drawables (vector source)
                               #:model "flux_schnell" #:provider "jobs"
                               #:prompt "a red boat"))

(test-keep "a server's checkpoint is chosen from its list"
  (step "lists")
  (let ((new (ask plug-in-pentimento-generate #:model "sdapi"
                  #:prompt "a red boat")))
    (check "checkpoint" (contains? (caddr (recipe-of (car new)))
                                   "dreamscape_v8"))))

(test-keep "a server that does not answer is told of"
  (step "no-lists")
  (let ((count (count-layers image)))
    (plug-in-pentimento-generate #:run-mode RUN-INTERACTIVE #:image image
                                 #:drawables (vector source)
                                 #:prompt "a red boat")
    (check-equal "layers" (count-layers image) count)))

(test-keep "the chosen model's own defaults take the place of the last one's"
  (step "defaults")
  (let* ((new (car (ask plug-in-pentimento-generate)))
         (recipe (caddr (recipe-of new)))
         (count (count-layers image)))
    (check recipe (contains? recipe "nano_banana"))
    (check recipe (contains? recipe "\"1K\""))
    ; From the menu, nothing that costs is run again without its cost shown.
    (check-fails-with "may charge"
      (plug-in-pentimento-rerun #:run-mode RUN-INTERACTIVE #:image image
                                #:drawables (vector new)))
    (check-equal "layers" (count-layers image) count)))

(define (generate)
  (plug-in-pentimento-generate #:run-mode RUN-NONINTERACTIVE #:image image
                               #:drawables #() #:prompt "a red boat"
                               #:model "flux_schnell" #:provider "fal"))

(test-keep "interrupted runs are listed, to forget or to fetch"
  (step "interrupt")
  (test-pentimento-wait #:path (string-append work-dir "/interrupted"))
  (check-fails-with "Fetch Interrupted Run" (generate))
  (check-fails-with "Fetch Interrupted Run" (generate))
  (step "fetch")
  (let ((new (ask plug-in-pentimento-resume)))
    (check-equal "layers" (length new) 1)
    (check-fails-with "no interrupted run"
      (plug-in-pentimento-resume #:run-mode RUN-NONINTERACTIVE #:image image
                                 #:drawables (vector source)))))
