au BufRead,BufNewFile *.ply setfiletype ply
