# SPDX-License-Identifier: GPL-2.0-or-later
# Completion of fish for lklfuse: lklfuse IMAGE MOUNTPOINT [-o OPTION,...] [-f] [-d] [-s]
function __lklfuse_options
	# What is before the last comma stays.
	set -l done (string match -r '^.*,' -- (commandline -ct))
	set -l types type={ext2,ext3,ext4,xfs,btrfs,f2fs,vfat,exfat,squashfs,iso9660}
	printf "$done%s\n" $types part= mb= opts= max_threads= \
		ro fakeroot writeback allow_other noexec
end
complete -c lklfuse -s o -xa '(__lklfuse_options)' -d 'Options, separated by commas'
complete -c lklfuse -s f -d 'Stay in the foreground'
complete -c lklfuse -s d -d 'Stay in the foreground, print requests and the log of the kernel'
complete -c lklfuse -s s -d 'Serve one request at a time'
complete -c lklfuse -s h -l help -d 'Show a summary and exit'
complete -c lklfuse -s V -l version -d 'Show the versions of its parts and exit'
