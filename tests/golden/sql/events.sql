SELECT
  *
FROM (
  SELECT
    `t2`.`doc_id`,
    `t2`.`date`,
    `t2`.`event`
  FROM `events` AS `t2`
  WHERE
    EXISTS(
      SELECT
        1
      FROM (
        SELECT
          `t1`.`doc_id`,
          `t1`.`kind`,
          `t1`.`title`,
          `t1`.`abstract`,
          `t1`.`language`,
          `t1`.`published`,
          `t1`.`filed`,
          `t1`.`priority`,
          CASE WHEN `t1`.`granted` <= '2015-12-31' THEN `t1`.`granted` ELSE NULL END AS `granted`,
          `t1`.`office`,
          `t1`.`family_id`,
          `t1`.`doc_type`,
          CAST(NULL AS STRING) AS `status`,
          `t1`.`venue`,
          `t1`.`source`,
          `t1`.`source_id`
        FROM `documents` AS `t1`
        WHERE
          COALESCE(`t1`.`status`, '') <> 'withdrawn' AND `t1`.`published` <= '2015-12-31'
      ) AS `t4`
      WHERE
        `t2`.`doc_id` = `t4`.`doc_id`
    )
) AS `t5`
WHERE
  `t5`.`date` <= '2015-12-31'
