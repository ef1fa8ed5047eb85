SELECT
  `t3`.`citing_id`,
  `t3`.`cited_id`,
  `t3`.`cited_kind`,
  `t3`.`cited_year`,
  `t3`.`raw`
FROM `references` AS `t3`
WHERE
  EXISTS(
    SELECT
      1
    FROM (
      SELECT
        `t2`.`doc_id`,
        `t2`.`kind`,
        `t2`.`title`,
        `t2`.`abstract`,
        `t2`.`language`,
        `t2`.`published`,
        `t2`.`filed`,
        `t2`.`priority`,
        CASE WHEN `t2`.`granted` <= '2015-12-31' THEN `t2`.`granted` ELSE NULL END AS `granted`,
        `t2`.`office`,
        `t2`.`family_id`,
        `t2`.`doc_type`,
        CAST(NULL AS STRING) AS `status`,
        `t2`.`venue`,
        `t2`.`source`,
        `t2`.`source_id`
      FROM `documents` AS `t2`
      WHERE
        COALESCE(`t2`.`status`, '') <> 'withdrawn' AND `t2`.`published` <= '2015-12-31'
    ) AS `t6`
    WHERE
      `t3`.`citing_id` = `t6`.`doc_id`
  )
  AND EXISTS(
    SELECT
      1
    FROM `ibis_pandas_memtable_0` AS `t4`
    WHERE
      `t3`.`citing_id` = `t4`.`wanted`
  )
