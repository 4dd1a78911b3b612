"""Archives of other files: zip, WARC.

In: the bytes of an archive. Out: the documents of every file in it of a kind that is read, within
an allowance of what may be unpacked.
"""
