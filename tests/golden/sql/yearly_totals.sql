SELECT
  `t1`.`year`,
  COUNT(*) AS `n_docs`,
  SUM(CAST(`t1`.`kind` = 'patent' AS INT64)) AS `n_patents`,
  SUM(CAST(`t1`.`kind` = 'paper' AS INT64)) AS `n_papers`
FROM (
  SELECT
    `t0`.`doc_id`,
    `t0`.`kind`,
    `t0`.`title`,
    `t0`.`abstract`,
    `t0`.`language`,
    `t0`.`published`,
    `t0`.`filed`,
    `t0`.`priority`,
    CASE WHEN `t0`.`granted` <= '2015-12-31' THEN `t0`.`granted` ELSE NULL END AS `granted`,
    `t0`.`office`,
    `t0`.`family_id`,
    `t0`.`doc_type`,
    CAST(NULL AS STRING) AS `status`,
    `t0`.`venue`,
    `t0`.`source`,
    `t0`.`source_id`,
    CAST(SUBSTRING(`t0`.`published`, IF((
      0 + 1
    ) >= 1, 0 + 1, 0 + 1 + LENGTH(`t0`.`published`)), 4) AS INT64) AS `year`
  FROM `documents` AS `t0`
  WHERE
    COALESCE(`t0`.`status`, '') <> 'withdrawn' AND `t0`.`published` <= '2015-12-31'
) AS `t1`
GROUP BY
  1
