# Words of the papers that the hub lays out. Terms follow Decree 30/2020 on clerical work.

masthead-title = CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
masthead-motto = Độc lập - Tự do - Hạnh phúc
reference = Số: { $reference }
date = ngày { $day } tháng { $month } năm { $year }
time = { $hour } giờ { $minute }
moment = { $time }, { $date }
span-same-day = { $start } – { $end }, { $date }
span-days = { $start }, { $startdate } – { $end }, { $enddate }
clock = { $hour }:{ $minute }
interval = { $start } – { $end }
until-end = đến hết
page-of = Trang { $page }/{ $pages }

agenda-title = CHƯƠNG TRÌNH HỌP
agenda-version = Phiên bản { $version }
agenda-time = Thời gian
agenda-place = Địa điểm
agenda-label = Mức độ
agenda-convened-by = Người triệu tập
agenda-convened-at = Ngày triệu tập
agenda-changes = Thay đổi so với phiên bản { $version }
agenda-items = Nội dung
agenda-participants = Thành phần tham dự
agenda-papers = Tài liệu
agenda-minutes = { $minutes } phút
agenda-total = Tổng thời lượng dự kiến: { $minutes } phút
agenda-pages = { $pages } trang
agenda-integrity = Mã SHA-256 của từng tài liệu được ghi để đối chiếu với bản đã triệu tập.

minutes-title = BIÊN BẢN
minutes-opened = Khai mạc
minutes-closed = Bế mạc
minutes-place = Địa điểm
minutes-chair = Chủ trì
minutes-secretary = Thư ký
minutes-label = Mức độ
minutes-attendance = Thành phần tham dự
minutes-attendance-count = Có mặt { $present }/{ $total }; vắng có lý do { $excused }; vắng không lý do { $absent }.
minutes-proceedings = Nội dung và kết quả
minutes-outcome = Kết luận: { $outcome }
minutes-question = Nội dung biểu quyết
minutes-derivation = Căn cứ xác định kết quả
minutes-votes = Biểu quyết từng người
minutes-closing = Cuộc họp bế mạc lúc { $moment }. Biên bản này được lập và ký số trên hệ thống; chữ ký số kèm dấu thời gian là một phần của tệp.

column-number = TT
column-name = Họ và tên
column-title = Chức vụ
column-unit = Đơn vị
column-role = Vai trò
column-item = Nội dung
column-presenter = Trình bày
column-time = Thời lượng
column-status = Có mặt
column-hours = Thời gian

role-chair = Chủ trì
role-secretary = Thư ký
role-member = Thành viên
role-observer = Quan sát viên
role-guest = Khách mời
role-presenter = Báo cáo viên
role-technician = Kỹ thuật
role-room = Phòng họp

kind-information = Thông tin
kind-discussion = Thảo luận
kind-decision = Quyết định

outcome-pending = chưa xem xét
outcome-under_discussion = đang thảo luận
outcome-decided = đã quyết định
outcome-deferred = hoãn
outcome-withdrawn = rút khỏi chương trình
outcome-noted = đã ghi nhận

status-present = Có mặt
status-absent = Vắng
status-excused = Vắng có lý do
mode-in_person = trực tiếp
mode-remote = trực tuyến

choice-yes = Tán thành
choice-no = Không tán thành
choice-abstain = Không có ý kiến
choice-not_voting = Không biểu quyết
choice-absent = Vắng mặt
choice-blank = Phiếu trắng
choice-invalid = Không hợp lệ

verdict-carried = Được thông qua
verdict-lost = Không được thông qua
verdict-recast = Biểu quyết lại
verdict-no_quorum = Không đủ số người tham dự

label-public = Công khai
label-internal = Nội bộ
label-restricted = Hạn chế
label-confidential = MẬT
label-secret = TỐI MẬT
label-top_secret = TUYỆT MẬT

signer-author = NGƯỜI LẬP
signer-chair = CHỦ TRÌ
signer-secretary = THƯ KÝ
signer-seal = CƠ QUAN
signature-place = (Ký số)
signature-field = Chữ ký số: { $role }
stamp-signed-by = Ký số bởi
stamp-signed-at = Ngày ký
stamp-reason = Lý do
