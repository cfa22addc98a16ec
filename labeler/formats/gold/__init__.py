"""The folder of a gold set's version, and the files of other tools that it is written to and read from."""
