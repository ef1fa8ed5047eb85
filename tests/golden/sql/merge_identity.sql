SELECT
  `t13`.`kept_id`,
  `t13`.`joined_id`,
  `t13`.`matched_id`,
  `t13`.`rule`,
  `t13`.`corpus`,
  `t13`.`source`,
  `t13`.`source_id`,
  `t13`.`office`,
  `t13`.`doc_type`,
  `t13`.`published`,
  `t13`.`granted`
FROM (
  SELECT
    `t10`.`kept_id`,
    `t8`.`matched_id`,
    `t12`.`source`,
    `t12`.`source_id`,
    `t12`.`office`,
    `t12`.`doc_type`,
    `t12`.`published`,
    `t12`.`granted`,
    `t10`.`own` AS `joined_id`,
    CASE
      WHEN `t10`.`rule` = 0
      THEN 'same_id'
      WHEN `t10`.`rule` = 1
      THEN 'doi'
      WHEN `t10`.`rule` = 2
      THEN 'source_id'
      WHEN `t10`.`rule` = 3
      THEN 'publication_number'
      WHEN `t10`.`rule` = 4
      THEN 'number_without_kind'
      WHEN `t10`.`rule` = 5
      THEN 'application_and_grant'
      WHEN `t10`.`rule` = 6
      THEN 'family'
      WHEN `t10`.`rule` = 7
      THEN 'family_member'
      WHEN `t10`.`rule` = 8
      THEN 'same_filing'
      WHEN `t10`.`rule` = 9
      THEN 'title_year_name'
      ELSE NULL
    END AS `rule`,
    CASE WHEN `t10`.`part` = 0 THEN 'one' WHEN `t10`.`part` = 1 THEN 'two' ELSE NULL END AS `corpus`
  FROM (
    SELECT
      `t0`.`part`,
      `t0`.`kept_id`,
      `t0`.`matched`,
      `t0`.`rule`,
      `t0`.`doc_id` AS `own`
    FROM `placed` AS `t0`
    WHERE
      `t0`.`place` > 0
  ) AS `t10`
  INNER JOIN (
    SELECT
      `t1`.`node` AS `matched`,
      `t1`.`doc_id` AS `matched_id`
    FROM `nodes` AS `t1`
  ) AS `t8`
    ON `t10`.`matched` = `t8`.`matched`
  INNER JOIN (
    SELECT
      `t9`.`part`,
      `t9`.`source`,
      `t9`.`source_id`,
      `t9`.`office`,
      `t9`.`doc_type`,
      `t9`.`published`,
      `t9`.`granted`,
      `t9`.`doc_id` AS `own`
    FROM (
      SELECT
        *
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
          `t2`.`granted`,
          `t2`.`office`,
          `t2`.`family_id`,
          `t2`.`doc_type`,
          `t2`.`status`,
          `t2`.`venue`,
          `t2`.`source`,
          `t2`.`source_id`,
          0 AS `part`
        FROM `one_documents` AS `t2`
      ) AS `t5`
      UNION ALL
      SELECT
        *
      FROM (
        SELECT
          `t3`.`doc_id`,
          `t3`.`kind`,
          `t3`.`title`,
          `t3`.`abstract`,
          `t3`.`language`,
          `t3`.`published`,
          `t3`.`filed`,
          `t3`.`priority`,
          `t3`.`granted`,
          `t3`.`office`,
          `t3`.`family_id`,
          `t3`.`doc_type`,
          `t3`.`status`,
          `t3`.`venue`,
          `t3`.`source`,
          `t3`.`source_id`,
          1 AS `part`
        FROM `two_documents` AS `t3`
      ) AS `t6`
    ) AS `t9`
  ) AS `t12`
    ON `t10`.`part` = `t12`.`part` AND `t10`.`own` = `t12`.`own`
) AS `t13`
ORDER BY
  `t13`.`kept_id` ASC NULLS LAST,
  `t13`.`joined_id` ASC NULLS LAST,
  `t13`.`corpus` ASC NULLS LAST
