"""AWS on loopback: moto's server, with an S3 that survives a restart.

moto keeps everything in memory. After each request that changed S3, what it touched is read from
moto and put on disk, before the client gets its answer; at start it is put back. Other services
(SSM, ECS, ...) begin empty after a restart.
"""
