fRoM alpine
EnTrYpOiNt ["a"]
OnBuild rUn ls
