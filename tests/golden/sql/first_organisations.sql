SELECT
  `t7`.`org_id`,
  SUBSTRING(
    `t7`.`dated_name`,
    IF((
      10 + 1
    ) >= 1, 10 + 1, 10 + 1 + LENGTH(`t7`.`dated_name`))
  ) AS `org`,
  `t7`.`first_published`,
  SUBSTRING(
    `t7`.`dated_name`,
    IF((
      0 + 1
    ) >= 1, 0 + 1, 0 + 1 + LENGTH(`t7`.`dated_name`)),
    10
  ) AS `named`
FROM (
  SELECT
    `t6`.`org_id`,
    MIN(`t6`.`published`) AS `first_published`,
    MIN(CONCAT(`t6`.`published`, `t6`.`org`)) AS `dated_name`
  FROM (
    SELECT
      `t5`.`doc_id`,
      `t5`.`org_id`,
      `t5`.`org`,
      `t4`.`published`
    FROM (
      SELECT
        `t0`.`doc_id`,
        `t0`.`org_id`,
        `t0`.`org`
      FROM `parties` AS `t0`
      WHERE
        `t0`.`org_id` IS NOT NULL
    ) AS `t5`
    INNER JOIN (
      SELECT
        `t1`.`doc_id`,
        `t1`.`published`
      FROM `documents` AS `t1`
    ) AS `t4`
      ON `t5`.`doc_id` = `t4`.`doc_id`
  ) AS `t6`
  GROUP BY
    1
) AS `t7`
ORDER BY
  `t7`.`org_id` ASC NULLS LAST
