"""The launch check: what a host should know of the data before anybody else does.

`running` starts `child` in a process of its own, which reads the rows (`rows`), looks
at them (`leaks`, `drift`, `worth`) and answers with findings. Nothing below `child`
knows Django.
"""
