"""Visual ARS: one menu for ear and hand. A visit is a caller's way through it, by keys, taps and an agent's pushes.

The machine is ``state``, ``inputs``, ``menu``, ``effects``; what the page shows is ``view``, what is said ``voice``;
who is here, ``visits`` and ``links``. ``menu_files`` brings menus, ``phone`` speaks with smartphones, ``prompts``
renders the voice.
"""
