"""Reports as people read them: a page, a PDF, a workbook and files of figures, all of the same values."""
