-- What a column teaches, each 'source:identifier'; of a class's own column also the words that stand for its scores. Null: the source does not say.
ALTER TABLE assessment ADD COLUMN objectives text[];
ALTER TABLE line_item ADD COLUMN levels text[], ADD COLUMN objectives text[];
