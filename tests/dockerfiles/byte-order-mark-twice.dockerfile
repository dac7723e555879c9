﻿FROM alpine
