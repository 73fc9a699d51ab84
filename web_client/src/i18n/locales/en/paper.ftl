# Reading a PDF.
paper-agenda = Signed agenda, version { $number }
paper-signed = Check signatures
paper-text = Text of the document
paper-loading = The document is being loaded…
paper-page = Page { $number }
paper-page-number = Page number
paper-of = of { $pages }
paper-previous = Previous page
paper-next = Next page
paper-page-before = Previous paper
paper-page-after = Next paper
paper-smaller = Smaller
paper-larger = Larger
paper-fit = Fit the width
paper-download = Download the document
paper-close = Close the document
paper-watermark = { $name } · { $at } · { $site }
