// libtorch is reached from CTorch alone; this target only carries its flags.
