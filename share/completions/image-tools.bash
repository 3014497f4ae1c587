# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2207 # words of options have no blanks
# Completion of bash for the programs for file-system images.
_lkl_image() {
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]} options
	COMPREPLY=()
	case $prev in
	-t | --type)
		COMPREPLY=($(compgen -W 'ext2 ext3 ext4 xfs btrfs f2fs vfat exfat squashfs iso9660' -- "$cur"))
		return
		;;
	-z | --compress)
		COMPREPLY=($(compgen -W 'gzip bzip2 xz zstd lz4 lzma lzip none' -- "$cur"))
		return
		;;
	--owner)
		COMPREPLY=($(compgen -u -- "$cur"))
		return
		;;
	--group)
		COMPREPLY=($(compgen -g -- "$cur"))
		return
		;;
	-P | --partition | -o | --options | -m | --memory | --mode)
		return
		;;
	esac
	case ${COMP_WORDS[0]##*/} in
	fs2tar) options='-z --compress -s --selinux -i --image -t --type -P --partition -o --options -m --memory -v --verbose --progress --no-progress --kernel-log -h --help -V --version' ;;
	*) options='-n --dry-run --owner --group --mode -s --selinux -i --image -t --type -P --partition -o --options -m --memory -v --verbose --progress --no-progress --kernel-log -h --help -V --version' ;;
	esac
	case $cur in
	-*) COMPREPLY=($(compgen -W "$options" -- "$cur")) ;;
	*) COMPREPLY=($(compgen -f -- "$cur")) ;;
	esac
}
complete -o filenames -F _lkl_image cptofs cpfromfs fs2tar
