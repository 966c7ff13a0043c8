"""The annual report as people read it: a page, a PDF, a workbook and files of figures, all of the same values."""
