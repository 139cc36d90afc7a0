"""The city's own words in a model of ours, without training: names of departments, people and streets and the entries
of the consultation database get a pronunciation, a place in the language model and one in the graph, in seconds.
"""
