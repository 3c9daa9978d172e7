"""A page's tables as a workbook, as CSV and as a data package: what the finished page shows, and nothing more.

The source is the finished page itself, in every language of the edition. So a download can hold no figure that the page
does not show and no digit that it does not print, and a new section of a page is in the download without a line of
code. The room is given texts and returns texts and bytes: it opens no file.
"""
