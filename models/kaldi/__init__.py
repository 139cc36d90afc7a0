"""Kaldi's file formats and decoding graphs in numpy: everything that a Vosk model folder holds, written and read back
without Kaldi, OpenFst or any package beyond numpy.
"""
