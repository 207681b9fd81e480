module hopcost.local/small

go 1.26
